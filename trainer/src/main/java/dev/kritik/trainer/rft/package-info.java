/* SPDX-License-Identifier: Apache-2.0 */
/** Stage 1 of SPCT: fine-tuning on trajectories that were right. */
package dev.kritik.trainer.rft;
