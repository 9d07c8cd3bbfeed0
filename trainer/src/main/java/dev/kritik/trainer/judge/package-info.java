/* SPDX-License-Identifier: Apache-2.0 */
/** A model in this process as a judge: prompts of tasks, outputs, and whether they are right (Eq. 10 of arXiv 2504.02495). */
package dev.kritik.trainer.judge;
