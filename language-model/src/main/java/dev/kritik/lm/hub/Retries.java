/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import dev.kritik.lm.hub.HubException.Reason;

/**
 * Tries again what may pass, with pauses that double, with jitter.
 *
 * @param attempts failures without any progress between them that end it, at least 1
 * @param firstPause pause after the first failure
 */
record Retries(int attempts, Duration firstPause) {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Something to try. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws Transient;
    }

    /**
     * Runs it until it succeeds.
     *
     * @param what for messages
     * @throws HubException ({@link Reason#UNREACHABLE}) when it failed too often, or the thread was interrupted
     */
    <T> T run(String what, Attempt<T> attempt) {
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (Transient e) {
                failures = e.progressed() ? 1 : failures + 1;
                if (failures >= attempts && !e.progressed()) {
                    throw new HubException(Reason.UNREACHABLE, what + ": " + e.getMessage(), e);
                }
                Duration pause = pause(failures, e.retryAfter());
                LOG.atInfo()
                        .addKeyValue("what", what)
                        .addKeyValue("error", e.getMessage())
                        .addKeyValue("pauseMs", pause.toMillis())
                        .log("A request to the hub failed; trying again");
                sleep(what, pause);
            }
        }
    }

    private Duration pause(int failures, Duration retryAfter) {
        long whole = Math.min(LONGEST.toMillis(), firstPause.toMillis() << Math.min(failures - 1, 20));
        long jittered = whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1);
        return Duration.ofMillis(Math.max(jittered, Math.min(LONGEST.toMillis(), retryAfter.toMillis())));
    }

    private static void sleep(String what, Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    static HubException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new HubException(Reason.UNREACHABLE, what + ": interrupted", e);
    }
}
