/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

/**
 * What a judge wrote.
 *
 * @param text the whole text; may be empty
 * @param finishReason why it stopped, in the backend's words ({@code stop}, {@code length}, ...); null when not said
 * @param promptTokens tokens of the prompt; null when not said
 * @param completionTokens tokens of the text; null when not said
 * @param judgeMillis milliseconds that the backend took, waiting for a free place left out
 */
public record Completion(
        String text, String finishReason, Long promptTokens, Long completionTokens, long judgeMillis) {}
