/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.kritik.schema.CritiqueStatus;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.parse.ScoreParser;

/** The tries of one sample at one judge. Lives on the sample's thread. */
final class SeatTries {

    private static final Logger LOG = LoggerFactory.getLogger(SeatTries.class);

    /** When to leave a judge that failed, although tries are left. */
    enum Stay {
        /** At once: this was to see whether it is there. */
        PROBE {
            @Override
            boolean leaves(Verdict verdict) {
                return true;
            }
        },
        /** When a try took all the time that one may take: somebody else has more of it. */
        WHILE_QUICK {
            @Override
            boolean leaves(Verdict verdict) {
                return verdict.isFor(JudgeException.Reason.JUDGE_TIMEOUT);
            }
        },
        /** Never: there is nobody else. */
        TO_THE_END {
            @Override
            boolean leaves(Verdict verdict) {
                return false;
            }
        };

        abstract boolean leaves(Verdict verdict);
    }

    private final CriticSetup setup;
    private final Sample sample;
    private final Seat seat;
    private final Tally tally;
    private int used;
    private int failures;
    private boolean begun;
    private boolean over;

    SeatTries(CriticSetup setup, Sample sample, Seat seat, Tally tally) {
        this.setup = setup;
        this.sample = sample;
        this.seat = seat;
        this.tally = tally;
    }

    Seat seat() {
        return seat;
    }

    /** Whether this sample has been here, even if the judge took no request. */
    boolean begun() {
        return begun;
    }

    /** Whether no further try can be made here. */
    boolean over() {
        return over;
    }

    /**
     * Tries until there are scores, no try is left, the deadline has passed, the judge takes no requests, or it failed so
     * that this sample leaves it. What it took no request for was no try.
     *
     * @param patience how long to wait while it takes no requests; empty: until the deadline
     * @param halves whether a try has but half of the time left, for another judge has the other half
     */
    Verdict run(String prompt, Optional<Duration> patience, boolean halves, Stay stay) throws InterruptedException {
        begun = true;
        while (true) {
            Verdict verdict = tryOnce(prompt, patience, halves);
            if (verdict.judgeAway()) {
                return verdict;
            }
            over = !verdict.retryable() || ++used >= setup.config().attempts();
            if (over) {
                return verdict;
            }
            if (verdict.status() == CritiqueStatus.FAILED) {
                if (stay.leaves(verdict)) {
                    return verdict;
                }
                Duration wait = backoff(failures++);
                over = !setup.isTime(sample.deadline(), wait);
                if (over) {
                    return verdict;
                }
                setup.pause().pause(wait);
            }
            if (!setup.isTime(sample.deadline(), Duration.ZERO)) {
                return verdict;
            }
            setup.meters().retried(verdict.reason());
        }
    }

    private Verdict tryOnce(String prompt, Optional<Duration> patience, boolean halves) throws InterruptedException {
        tally.begins(seat);
        String id = sample.id() + "/t" + tally.attempt();
        try {
            Completion completion = Waiting.await(seat.juror()
                    .judge()
                    .generate(new Generation(
                            id,
                            prompt,
                            sample.seed(tally.attempt()),
                            sample.deadline(),
                            patience,
                            halves,
                            sample.delivery().next("judge " + id))));
            tally.wrote(completion);
            Verdict verdict = Verdict.of(ScoreParser.parse(
                    completion.text(), sample.spec().getOrder().size(), completion.finishReason()));
            if (!verdict.ok()) {
                tally.withoutScores(verdict.reason());
            }
            setup.meters().tried(seat, verdict.ok() ? "ok" : verdict.reason(), completion.judgeMillis());
            return verdict;
        } catch (JudgeException e) {
            Verdict verdict = Verdict.of(e);
            tally.failed(e.judgeMillis());
            setup.meters().tried(seat, verdict.reason(), e.judgeMillis());
            LOG.atDebug()
                    .addKeyValue("sampleId", sample.id())
                    .addKeyValue("judge", seat.label())
                    .addKeyValue("attempt", tally.attempt())
                    .addKeyValue("reason", e.reason())
                    .log("The judge gave nothing usable");
            if (verdict.judgeAway()) {
                tally.neverWas();
            } else {
                tally.withoutScores(verdict.reason());
            }
            return verdict;
        }
    }

    private Duration backoff(int failures) {
        long full = Math.min(
                setup.config().backoffMax().toMillis(), setup.config().backoff().toMillis() << Math.min(failures, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(full - full / 2, full + 1));
    }
}
