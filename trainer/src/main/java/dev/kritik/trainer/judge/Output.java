/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import dev.kritik.lm.generate.Generated;

/**
 * What was written, and what it is worth.
 *
 * @param ask what for
 * @param generated text, tokens and their log-probabilities
 * @param verdict by the rule
 */
public record Output(Ask ask, Generated generated, Verdict verdict) {}
