/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

/**
 * What a contender says became of a rollout.
 *
 * @param id of the rollout
 * @param reward as a trainer would get it; null if there is none
 * @param reason why there is none, or what flag stands beside it; null for nothing
 * @param seconds from the beginning of the run
 */
record Told(String id, Double reward, String reason, double seconds) {}
