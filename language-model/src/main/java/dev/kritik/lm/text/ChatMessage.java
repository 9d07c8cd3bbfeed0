/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

/**
 * A turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content the text
 */
public record ChatMessage(String role, String content) {}
