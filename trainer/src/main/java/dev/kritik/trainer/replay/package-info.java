/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From what stands on the topics to training data for the reward model (SPCT, arXiv 2504.02495, rejective fine-tuning):
 * which groups to sample again, which critiques to learn from, and the files that trainers load. Knows records, not
 * brokers.
 */
package dev.kritik.trainer.replay;
