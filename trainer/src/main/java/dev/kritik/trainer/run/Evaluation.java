/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.util.Map;

/**
 * How good a model is.
 *
 * @param score what decides which one is the best: the higher the better
 * @param values figures by name, for the metrics
 */
public record Evaluation(double score, Map<String, Object> values) {}
