/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

/**
 * One rollout that every contender has judged.
 *
 * @param id of the rollout
 * @param group its group, from 0
 * @param index its place in the group, from 0
 * @param prompt what was asked
 * @param response what is judged; bears the mark by which the judge knows it
 * @param expected the judge's score, 1 to 10; no contender is told
 * @param atSeconds when it comes, from the beginning of the run
 */
record Item(String id, int group, int index, String prompt, String response, int expected, double atSeconds) {}
