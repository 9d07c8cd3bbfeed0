/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;

import dev.kritik.schema.Message;
import dev.kritik.worker.parse.Thinking;

/**
 * What the Meta RM reads of one sample: a user's turn with the conversation and the responses in the order shown, and an
 * assistant's turn with principles, critique and scores.
 *
 * @param user the user's turn
 * @param assistant the assistant's turn: what the judge said, thoughts left out
 */
public record MetaPrompt(String user, String assistant) {

    /** Version of the wording; the name of the file in which it stands. */
    public static final String VERSION = "meta-v1";

    private static final BriefForm FORM = BriefForm.load(VERSION);

    /**
     * Writes both turns.
     *
     * @param shown the responses in the order in which the sample showed them
     * @param critique what the judge wrote
     */
    public static MetaPrompt of(List<Message> messages, List<String> shown, String critique) {
        return new MetaPrompt(
                FORM.user(messages, null, shown),
                Thinking.strip(critique).text().strip());
    }
}
