/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.kritik.telemetry.TraceLog;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.meta.MetaRm;

/** What the Meta RM says of one sample. Lives on the sample's thread. */
final class MetaScoring {

    private static final Logger LOG = LoggerFactory.getLogger(MetaScoring.class);

    private final CriticSetup setup;
    private final Sample sample;
    private Double logit;
    private String detail;
    private Long millis;

    /** Before it is asked, it has said nothing. */
    MetaScoring(CriticSetup setup, Sample sample) {
        this.setup = setup;
        this.sample = sample;
    }

    /** Its logit; null when it gave none. */
    Double logit() {
        return logit;
    }

    /** Why it gave no logit although it was asked. */
    String detail() {
        return detail;
    }

    /** Milliseconds that it took, over all tries; null when it was not asked. */
    Long millis() {
        return millis;
    }

    /**
     * Asks it, until there is a logit, its tries are used up, or its time is over.
     *
     * @param shown the responses in the order shown
     * @param text what the judge wrote
     */
    void ask(MetaRm meta, List<String> shown, String text) throws InterruptedException {
        Instant begun = setup.clock().instant();
        Duration half = Duration.between(begun, sample.deadline()).dividedBy(2);
        Instant until = begun.plus(
                half.compareTo(setup.config().metaBudget()) < 0
                        ? half
                        : setup.config().metaBudget());
        for (int tries = 1; logit == null && tries <= setup.config().metaAttempts(); tries++) {
            long nanos = System.nanoTime();
            try {
                double found = Waiting.await(meta.score(new MetaRm.Sample(
                        sample.id(),
                        sample.request().getMessages(),
                        shown,
                        text,
                        until,
                        sample.delivery().next("meta " + sample.id() + "/t" + tries))));
                if (!Double.isFinite(found)) {
                    throw new IllegalArgumentException("the logit is " + found);
                }
                logit = found;
                detail = null;
            } catch (RuntimeException e) {
                detail = e.getMessage() == null ? e.toString() : e.getMessage();
                if (e instanceof JudgeException failure && !failure.retryable()) {
                    break;
                }
            } finally {
                setup.meters().scored(logit != null, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos));
            }
            if (logit == null && !setup.clock().instant().isBefore(until)) {
                break;
            }
        }
        millis = Duration.between(begun, setup.clock().instant()).toMillis();
        if (logit == null) {
            TraceLog.with(LOG.atWarn(), sample.delivery().trace())
                    .addKeyValue("sampleId", sample.id())
                    .addKeyValue("reason", detail)
                    .log("The Meta RM gave no logit; the critique goes out without");
        }
    }
}
