/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.ChatPrompt;
import dev.kritik.lm.text.ChatTemplate;
import dev.kritik.lm.text.jinja.TemplateException;

/** Conversations as the tokens of one checkpoint. One without a chat template can still be given plain text. */
final class Chat {

    private final Path folder;
    private final Optional<ChatPrompt> prompt;

    /** With the template that {@link #template} gave. */
    Chat(Loaded loaded, Optional<ChatTemplate> template) {
        this.folder = loaded.checkpoint().folder();
        this.prompt = template.map(there -> new ChatPrompt(loaded.tokenizer(), there));
    }

    /**
     * A checkpoint's chat template, if it has one; to be read before minutes go into loading the weights.
     *
     * @throws CheckpointException when it can't be used
     */
    static Optional<ChatTemplate> template(Checkpoint checkpoint) {
        try {
            return checkpoint.chatTemplate().map(template -> ChatTemplate.of(template, checkpoint.specialTokens()));
        } catch (TemplateException e) {
            throw new CheckpointException(
                    "the chat template in " + checkpoint.folder() + " can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * The tokens of a conversation.
     *
     * @throws CheckpointException when the checkpoint has no chat template
     * @throws dev.kritik.lm.text.PromptException when the conversation can't be written for this model
     * @throws TemplateException when the template fails
     */
    int[] tokens(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return prompt.orElseThrow(() -> new CheckpointException("no chat template in " + folder
                        + ". The checkpoint may never have been taught to converse: choose a template that fits it, and"
                        + " save it there as chat_template.jinja"))
                .tokens(messages, addGenerationPrompt);
    }
}
