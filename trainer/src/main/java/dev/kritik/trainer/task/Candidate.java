/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

/**
 * A response to a micro-task, with what is known of it because we made it.
 *
 * @param text the response
 * @param answer the answer in it, without its dress
 * @param severity of its faults: 0 none, 1 small, 2 clear, 3 quite wrong
 * @param manner how it is dressed up, which has nothing to do with its being right
 */
public record Candidate(String text, String answer, int severity, Manner manner) {}
