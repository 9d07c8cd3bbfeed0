/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The other ways to a reward that arXiv 2504.02495 (section 2.1) sets against the pointwise generative one, which the workers
 * serve: scalar, semi-scalar, and pairwise generative. For comparison, in this process, outside of the pipeline.
 */
package dev.kritik.trainer.paradigm;
