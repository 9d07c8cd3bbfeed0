/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody who waits for a job. Identity matters: two callers who wait for the same are two.
 */
final class Waiter {

    private final JobId id;
    private final NavigableMap<Integer, Fingerprint> expected;
    private boolean untilEnded; // guarded by the ledger
    private final CompletableFuture<Outcome> future = new CompletableFuture<>();
    private CompletableFuture<Outcome> answer = future;

    /**
     * Somebody.
     *
     * @param id the job
     * @param expected what the members must say that were sent; empty for somebody who only asks
     * @param untilEnded whether to wait for the judgement, or only until the rollouts are written
     */
    Waiter(JobId id, NavigableMap<Integer, Fingerprint> expected, boolean untilEnded) {
        this.id = id;
        this.expected = expected;
        this.untilEnded = untilEnded;
    }

    JobId id() {
        return id;
    }

    NavigableMap<Integer, Fingerprint> expected() {
        return expected;
    }

    /** Whether the answer is that this was not taken in. */
    boolean isRefused() {
        Outcome outcome = future.getNow(null);
        return outcome instanceof Outcome.Conflict || outcome instanceof Outcome.Closing;
    }

    boolean untilEnded() {
        return untilEnded;
    }

    /** No longer waits for the judgement. */
    void settle() {
        untilEnded = false;
    }

    /** To be completed by whoever knows the answer. */
    CompletableFuture<Outcome> future() {
        return future;
    }

    /** Does something before anybody hears the answer. Called before anybody asks for it. */
    void beforeAnswer(Runnable first) {
        answer = future.whenComplete((outcome, failure) -> first.run());
    }

    /** The same, to be listened to: what follows from an answer has then been done. */
    CompletableFuture<Outcome> answer() {
        return answer;
    }
}
