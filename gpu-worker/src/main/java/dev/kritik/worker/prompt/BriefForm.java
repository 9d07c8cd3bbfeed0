/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.Map;

import dev.kritik.schema.Message;

/**
 * A form of a user's turn for small models that are trained on it: one line that says what to do, the messages, a reference
 * where there is one, the responses. Its markers carry no code, so that equal questions are equal texts; look-alikes within
 * the texts are {@link Escape escaped}. Pure and safe for many threads.
 *
 * <p>The wording stands in a file of its own on the class path, {@code prompts/NAME.txt}, with the parts {@code user},
 * {@code message}, {@code response}, and {@code reference} where the form takes one. The place for responses ends the part
 * {@code user}, or is left out.
 */
public final class BriefForm {

    private final Template words;

    private BriefForm(Template words) {
        this.words = words;
    }

    /** Reads {@code prompts/NAME.txt}. */
    public static BriefForm load(String name) {
        return new BriefForm(Template.load(name));
    }

    /**
     * The user's turn.
     *
     * @param reference a correct answer; null when there is none
     * @param shown the responses in the order in which they are shown
     */
    public String user(List<Message> messages, String reference, List<String> shown) {
        return request(messages, reference, shown.size()).sample(shown);
    }

    /** Begins the prompts of one request, which differ in the order of their responses. */
    RequestPrompt request(List<Message> messages, String reference, int n) {
        Blocks blocks = new Blocks(words, "");
        String conversation = blocks.messages(messages);
        String known =
                reference == null ? "" : "\n\n" + words.fill("reference", Map.of("content", Escape.text(reference)));
        String prefix = words.fill("user", Map.of("messages", conversation + known, "responses", ""));
        return new RequestPrompt(prefix, blocks::responses, n);
    }
}
