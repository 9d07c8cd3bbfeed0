/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.List;
import java.util.function.Function;

/** The prompts of one request: the same but for the order of the responses. Immutable. */
public final class RequestPrompt {

    private final String prefix;
    private final Function<List<String>, String> rest;
    private final int n;

    /**
     * @param rest what stands behind the prefix, for responses in the order shown; in the words of the prompt's version
     */
    RequestPrompt(String prefix, Function<List<String>, String> rest, int n) {
        this.prefix = prefix;
        this.rest = rest;
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
        return prefix + rest.apply(shown);
    }
}
