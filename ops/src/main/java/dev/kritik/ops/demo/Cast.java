/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import java.util.List;
import java.util.Map;

import dev.kritik.ops.eval.EvalQuery;

/**
 * What a demo shows.
 *
 * @param intro who judges, in words
 * @param queries what is judged
 * @param config all configuration keys, judge and Meta RM among them
 * @param asked how many critiques are asked for and kept, in words
 * @param judgedBy who judged, for the last line
 */
record Cast(List<String> intro, List<EvalQuery> queries, Map<String, String> config, String asked, String judgedBy) {}
