/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.schema.Message;

/** The whole prompt for a judge that has never seen the task: rules, criteria, texts between coded markers, the answer's form. */
final class CritiqueForm {

    private final Template words;

    CritiqueForm(String name) {
        this.words = Template.load(name);
    }

    RequestPrompt request(List<Message> messages, String reference, int n, String nonce) {
        String kind = n == 1 ? ".one" : ".many";
        String count = Integer.toString(n);
        Blocks blocks = new Blocks(words, nonce);
        StringBuilder prefix = new StringBuilder()
                .append(words.fill("rules" + kind, Map.of("n", count)))
                .append("\n\n")
                .append(words.fill("criteria", Map.of("nonce", nonce)))
                .append("\n\n")
                .append(words.fill("conversation", Map.of("messages", blocks.messages(messages))))
                .append("\n\n");
        if (reference != null) {
            prefix.append(words.fill("reference", Map.of("nonce", nonce, "content", Escape.text(reference))))
                    .append("\n\n");
        }
        String format = words.fill("format" + kind, Map.of("n", count, "places", places(n)));
        return new RequestPrompt(
                prefix.toString(),
                shown -> words.fill("responses" + kind, Map.of("n", count, "responses", blocks.responses(shown)))
                        + "\n\n"
                        + format,
                n);
    }

    private static String places(int n) {
        return n == 1
                ? "score"
                : IntStream.rangeClosed(1, n)
                        .mapToObj(number -> "score " + number)
                        .collect(Collectors.joining(", "));
    }
}
