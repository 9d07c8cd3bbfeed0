/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The prompts of one request: the same but for the order of the responses. Immutable. */
public final class RequestPrompt {

    private final Template words;
    private final Blocks blocks;
    private final String prefix;
    private final int n;

    RequestPrompt(Template words, Blocks blocks, String prefix, int n) {
        this.words = words;
        this.blocks = blocks;
        this.prefix = prefix;
        this.n = n;
    }

    /** What stands before the responses: the beginning of every prompt of this request. */
    public String prefix() {
        return prefix;
    }

    /**
     * The whole prompt of one sample.
     *
     * @param shown the responses in the order in which this sample shows them, as many as the request said
     */
    public String sample(List<String> shown) {
        if (shown.size() != n) {
            throw new IllegalArgumentException("the request has " + n + " responses, the sample shows " + shown.size());
        }
        String kind = n == 1 ? ".one" : ".many";
        String count = Integer.toString(n);
        return prefix
                + words.fill("responses" + kind, Map.of("n", count, "responses", blocks.responses(shown)))
                + "\n\n"
                + words.fill("format" + kind, Map.of("n", count, "places", places()));
    }

    private String places() {
        return n == 1
                ? "score"
                : IntStream.rangeClosed(1, n)
                        .mapToObj(number -> "score " + number)
                        .collect(Collectors.joining(", "));
    }
}
