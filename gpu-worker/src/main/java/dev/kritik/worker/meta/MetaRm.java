/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.kritik.schema.Message;
import dev.kritik.schema.TraceContext;

/**
 * The Meta RM: says how likely a sample is to be correct (arXiv 2504.02495, section 3.3). Implementations are safe for
 * many threads.
 */
public interface MetaRm extends AutoCloseable {

    /**
     * One sample to score.
     *
     * @param id sample id, for the logs of the backend
     * @param messages the conversation
     * @param responses the responses in the order in which the sample showed them
     * @param critique principles, critique and scores as the judge wrote them
     * @param deadline when the logit is of no use any more
     * @param trace the hop of a trace that this is, for a server to go on with
     */
    record Sample(
            String id,
            List<Message> messages,
            List<String> responses,
            String critique,
            Instant deadline,
            Optional<TraceContext> trace) {

        /** One that belongs to no trace. */
        public Sample(String id, List<Message> messages, List<String> responses, String critique, Instant deadline) {
            this(id, messages, responses, critique, deadline, Optional.empty());
        }
    }

    /** The model, as critiques name it. */
    String model();

    /**
     * Scores one sample.
     *
     * @return completes with the raw logit, any real number, higher is better; or exceptionally
     */
    CompletableFuture<Double> score(Sample sample);

    /**
     * Completes when it can never answer again, so that the process must end and be started anew. A server may always come
     * back: then never.
     */
    default CompletionStage<Void> gone() {
        return new CompletableFuture<>();
    }

    @Override
    void close();
}
