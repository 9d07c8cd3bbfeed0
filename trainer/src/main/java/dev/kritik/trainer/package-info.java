/* SPDX-License-Identifier: Apache-2.0 */
/** Training of the reward model by SPCT: rejective fine-tuning, rule-based online RL, the Meta RM. */
package dev.kritik.trainer;
