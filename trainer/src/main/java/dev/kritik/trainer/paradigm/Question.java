/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.List;

import dev.kritik.schema.Message;

/**
 * A query whose responses are to be compared.
 *
 * @param id unique in a run: seeds follow from it
 * @param messages the conversation
 * @param reference a correct answer that models may see; null when there is none
 * @param responses different texts, at least one
 */
public record Question(String id, List<Message> messages, String reference, List<String> responses) {

    public Question {
        messages = List.copyOf(messages);
        responses = List.copyOf(responses);
        if (responses.isEmpty()) {
            throw new IllegalArgumentException("question " + id + " has no responses");
        }
    }
}
