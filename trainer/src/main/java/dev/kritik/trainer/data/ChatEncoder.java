/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.ChatPrompt;
import dev.kritik.lm.text.ChatTemplate;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.train.Sequence;

/** Conversations as the tokens of one checkpoint, by its chat template. Safe for many threads. */
public final class ChatEncoder implements AutoCloseable {

    private final Tokenizer tokenizer;
    private final ChatPrompt prompts;
    private final Set<Integer> endTokens;

    private ChatEncoder(Tokenizer tokenizer, ChatPrompt prompts, Set<Integer> endTokens) {
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.endTokens = endTokens;
    }

    /**
     * Opens tokenizer and chat template.
     *
     * @throws CheckpointException when the checkpoint has none that can be used
     */
    public static ChatEncoder open(Checkpoint checkpoint) {
        String template = checkpoint
                .chatTemplate()
                .orElseThrow(() -> new CheckpointException("no chat template in " + checkpoint.folder()
                        + ": what is trained is a turn of a conversation. Save one there as chat_template.jinja"));
        Tokenizer tokenizer = Tokenizer.open(checkpoint.tokenizerFile());
        ChatPrompt prompts = new ChatPrompt(tokenizer, ChatTemplate.of(template, checkpoint.specialTokens()));
        return new ChatEncoder(
                tokenizer,
                prompts,
                new HashSet<>(checkpoint.generationDefaults().eosTokens()));
    }

    /** The tokens of a conversation that the model is to answer. */
    public int[] prompt(List<ChatMessage> messages) {
        return prompts.tokens(messages, true);
    }

    /** The tokens of a whole conversation, as a Meta RM reads it. */
    public int[] whole(List<ChatMessage> messages) {
        return prompts.tokens(messages, false);
    }

    /**
     * A conversation whose last turn is what the model is to write: that turn and the token that ends it, nothing of what
     * the template puts behind that, which no model writes.
     *
     * @return empty if the turn can't be told from the prompt: the tokens of the prompt aren't those that the whole begins
     *     with, because a token spans both, or the template writes the last turn in another way
     * @throws CheckpointException if the template ends turns with no end token: the model would never learn to stop
     */
    public Optional<Sequence> turn(List<ChatMessage> messages) {
        int[] prompt = prompt(messages.subList(0, messages.size() - 1));
        int[] whole = whole(messages);
        if (whole.length <= prompt.length || !Arrays.equals(prompt, Arrays.copyOf(whole, prompt.length))) {
            return Optional.empty();
        }
        int end = whole.length;
        while (end > prompt.length && !endTokens.contains(whole[end - 1])) {
            end--;
        }
        if (end == prompt.length) {
            throw new CheckpointException("the chat template ends a turn of the assistant with none of the model's end"
                    + " tokens " + new ArrayList<>(endTokens)
                    + " (eos_token_id in generation_config.json or config.json):"
                    + " the model would never learn to stop");
        }
        return Optional.of(new Sequence(Arrays.copyOf(whole, end), prompt.length));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
