/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;

/** Turns a request into its critiques. Safe for many threads. */
public interface Judging {

    /**
     * Judges all samples of a request.
     *
     * @param delivery how the request came here, for the critiques to say
     * @param sink takes each critique as soon as it is there; may be called from several threads
     * @return completes when the sink has taken one critique for each sample; cancelling it stops the work
     */
    CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink);

    /** A FAILED critique for each sample of a request that nobody could judge. No judge is called. */
    void fail(CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> sink);

    /** Why no request can be judged at the moment; empty while some can. Answers at once. */
    default Optional<String> idle() {
        return Optional.empty();
    }
}
