/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.kritik.schema.TraceContext;

/**
 * One text to write.
 *
 * @param id names this try in the logs of the backend: sample id and attempt; sent as {@code X-Request-Id}
 * @param prompt the user's turn
 * @param seed seed of the sampling, 0 to 2^31-1
 * @param deadline when the text is of no use any more
 * @param patience how long to wait while the judge takes no requests at all, before somebody else is asked; zero: one
 *     request shows whether it does. Empty: until the deadline, for nobody else is there
 * @param halves whether somebody else is up who has not been asked: a server that has taken the request then has half of
 *     the time left to answer, and has not answered in time when that is over. A model in this process pays no heed to it
 * @param trace the hop of a trace that this is, for the server to go on with
 */
public record Generation(
        String id,
        String prompt,
        long seed,
        Instant deadline,
        Optional<Duration> patience,
        boolean halves,
        Optional<TraceContext> trace) {

    /** A text that nobody else can write: the judge is waited for until the deadline. */
    public Generation(String id, String prompt, long seed, Instant deadline) {
        this(id, prompt, seed, deadline, Optional.empty(), false);
    }

    /** One that belongs to no trace. */
    public Generation(
            String id, String prompt, long seed, Instant deadline, Optional<Duration> patience, boolean halves) {
        this(id, prompt, seed, deadline, patience, halves, Optional.empty());
    }
}
