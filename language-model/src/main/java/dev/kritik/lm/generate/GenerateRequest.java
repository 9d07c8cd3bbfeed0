/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * One text to write. Requests whose prompts begin alike and that wait together share the computing of what is alike.
 *
 * @param id for logs
 * @param prompt tokens, at least one; not copied, so leave them as they are
 * @param sampling how to draw
 * @param seed the same seed, prompt and sampling give the same text (see {@link Generator})
 * @param deadline when the text is of no use any more
 * @param onText called with each new piece of text, on the generator's thread: be quick, and don't throw
 */
@SuppressWarnings("ArrayRecordComponent") // lists of boxed tokens would cost ten times the memory
public record GenerateRequest(
        String id, int[] prompt, Sampling sampling, long seed, Instant deadline, Consumer<String> onText) {

    /** Without streaming. */
    public GenerateRequest(String id, int[] prompt, Sampling sampling, long seed, Instant deadline) {
        this(id, prompt, sampling, seed, deadline, piece -> {});
    }
}
