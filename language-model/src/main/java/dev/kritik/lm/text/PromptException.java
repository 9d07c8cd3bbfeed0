/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

/**
 * A conversation that can't be written for this model: the chat template refuses it, or text in it can't be told from the
 * model's control tokens. Nothing is wrong with the model, and trying again gives the same.
 */
public final class PromptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PromptException(String message) {
        super(message);
    }

    PromptException(String message, Throwable cause) {
        super(message, cause);
    }
}
