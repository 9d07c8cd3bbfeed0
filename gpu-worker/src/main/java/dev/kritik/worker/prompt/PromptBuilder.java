/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.kritik.schema.Message;

/**
 * Writes the prompt of a judge: one user message with rules, general criteria, the conversation, the reference if there
 * is one, the responses, and the form of the answer (the structure of arXiv 2504.02495, in our own words).
 *
 * <p>Texts to be judged can't break out of their place: the markers around them carry a code that is drawn anew for each
 * request, after the texts were written, and look-alikes are {@link Escape escaped}. Safe for many threads.
 */
public final class PromptBuilder {

    /** Version of the wording; the name of the file in which it stands. */
    public static final String VERSION = "critique-v1";

    private static final Template WORDS = Template.load(VERSION);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 6;

    private final Supplier<String> nonces;

    /** Draws the codes of the markers by a {@link SecureRandom}. */
    public PromptBuilder() {
        this(PromptBuilder::draw);
    }

    /** Takes the codes of the markers from elsewhere: letters and digits, not known to the writers of responses. */
    public PromptBuilder(Supplier<String> nonces) {
        this.nonces = nonces;
    }

    /**
     * Begins the prompts of one request. All of them share their beginning, byte for byte up to the responses, whatever
     * the order of these: model servers compute it once.
     *
     * @param messages the conversation
     * @param reference a correct answer that the judge may see; null when there is none
     * @param n how many responses each sample shows, at least 1
     */
    public RequestPrompt forRequest(List<Message> messages, String reference, int n) {
        String nonce = nonces.get();
        String kind = n == 1 ? ".one" : ".many";
        Blocks blocks = new Blocks(WORDS, nonce);
        StringBuilder prefix = new StringBuilder()
                .append(WORDS.fill("rules" + kind, Map.of("n", Integer.toString(n))))
                .append("\n\n")
                .append(WORDS.fill("criteria", Map.of("nonce", nonce)))
                .append("\n\n")
                .append(WORDS.fill("conversation", Map.of("messages", blocks.messages(messages))))
                .append("\n\n");
        if (reference != null) {
            prefix.append(WORDS.fill("reference", Map.of("nonce", nonce, "content", Escape.text(reference))))
                    .append("\n\n");
        }
        return new RequestPrompt(WORDS, blocks, prefix.toString(), n);
    }

    private static String draw() {
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
