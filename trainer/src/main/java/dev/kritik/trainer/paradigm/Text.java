/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

/**
 * What a language model wrote.
 *
 * @param text may be empty
 * @param truncated whether it met the limit of tokens
 */
public record Text(String text, boolean truncated) {

    /** The reason why it stopped, as the parser wants it. */
    String finishReason() {
        return truncated ? "length" : "stop";
    }
}
