/* SPDX-License-Identifier: Apache-2.0 */
/** Stage 2 of SPCT: rule-based online RL with GRPO. */
package dev.kritik.trainer.rl;
