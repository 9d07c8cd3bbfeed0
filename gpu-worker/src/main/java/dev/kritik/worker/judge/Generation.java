/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.time.Instant;

/**
 * One text to write.
 *
 * @param id names this try in the logs of the backend: sample id and attempt; sent as {@code X-Request-Id}
 * @param prompt the user's turn
 * @param seed seed of the sampling, 0 to 2^31-1
 * @param deadline when the text is of no use any more
 */
public record Generation(String id, String prompt, long seed, Instant deadline) {}
