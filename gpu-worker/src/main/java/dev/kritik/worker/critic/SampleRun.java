/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.parse.ScoreParser;
import dev.kritik.worker.prompt.HintLine;
import dev.kritik.worker.prompt.RequestPrompt;

/** One sample on its way to its critique: tries, pauses, sums. Lives on one thread. */
final class SampleRun {

    private static final Logger LOG = LoggerFactory.getLogger(SampleRun.class);
    private static final long SEEDS = 1L << 31;
    /** Odd, so that steps of it meet every seed before one comes again: tries never share a seed. */
    private static final long SEED_STEP = 0x9E3779B1L;

    private final CriticSetup setup;
    private final CritiqueRequest request;
    private final SampleSpec spec;
    private final int delivery;
    private final String worker;
    private final Instant deadline;
    private final long startedMs;

    private int attempt;
    private boolean hinted;
    private Completion last;
    private Long promptTokens;
    private Long completionTokens;
    private long judgeMs;
    private Double metaLogit;
    private String metaDetail;
    private Long metaMs;

    SampleRun(CriticSetup setup, CritiqueRequest request, SampleSpec spec, int delivery, String worker) {
        this.setup = setup;
        this.request = request;
        this.spec = spec;
        this.delivery = delivery;
        this.worker = worker;
        this.deadline = Instant.ofEpochMilli(request.getDeadlineMs());
        this.startedMs = setup.clock().millis();
    }

    /** Names the sample in logs, here and at the model servers. Recorded judges read the sample's number from it. */
    String id() {
        return request.getJobId() + "/" + request.getGroupId() + "/" + request.getGroupAttempt() + "/p"
                + request.getPanel() + "/s" + spec.getSample();
    }

    /**
     * Does the work.
     *
     * @param prompt will be there, or has failed
     * @return always a critique
     * @throws InterruptedException if the sample is not wanted any more
     */
    Critique run(Future<RequestPrompt> prompt) throws InterruptedException {
        Verdict verdict;
        try {
            List<String> shown = shown();
            Optional<String> hint = HintLine.of(request.getHint(), request.getHintScore(), spec.getOrder());
            hinted = hint.isPresent();
            verdict = judge(HintLine.under(result(prompt).sample(shown), hint));
            if (verdict.ok() && setup.meta().isPresent()) {
                askMeta(setup.meta().get(), shown);
            }
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("sampleId", id()).setCause(e).log("A sample failed for a reason of our own");
            verdict = Verdict.failed("INTERNAL_ERROR", "the worker failed on this sample: " + e);
        }
        return critique(verdict);
    }

    private List<String> shown() {
        Map<Integer, String> byIndex = new HashMap<>();
        for (PanelResponse response : request.getResponses()) {
            byIndex.put(response.getIndex(), response.getContent());
        }
        List<String> shown = new ArrayList<>();
        for (int index : spec.getOrder()) {
            String content = byIndex.remove(index);
            if (content == null) {
                throw new IllegalArgumentException("the order " + spec.getOrder() + " is no order of the panel");
            }
            shown.add(content);
        }
        if (shown.isEmpty() || !byIndex.isEmpty()) {
            throw new IllegalArgumentException("the order " + spec.getOrder() + " is no order of the panel");
        }
        return shown;
    }

    private Verdict judge(String prompt) throws InterruptedException {
        Verdict verdict = Verdict.failed(JudgeException.Reason.DEADLINE.name(), "the deadline had passed already");
        List<String> earlier = new ArrayList<>();
        int failures = 0;
        while (isTime(Duration.ZERO)) {
            attempt++;
            verdict = tryOnce(prompt);
            if (!verdict.retryable() || attempt >= setup.config().attempts()) {
                break;
            }
            if (verdict.status() == CritiqueStatus.FAILED) {
                Duration wait = backoff(failures++);
                if (!isTime(wait)) {
                    break;
                }
                setup.pause().pause(wait);
            }
            if (isTime(Duration.ZERO)) {
                earlier.add(verdict.reason());
                setup.meters().retried(verdict.reason());
            }
        }
        if (verdict.status() == CritiqueStatus.FAILED) {
            LOG.atWarn()
                    .addKeyValue("sampleId", id())
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("reason", verdict.reason())
                    .log("A sample failed");
        }
        return verdict.after(String.join(", ", earlier));
    }

    private Verdict tryOnce(String prompt) throws InterruptedException {
        last = null;
        try {
            last = await(setup.judge().generate(new Generation(id() + "/t" + attempt, prompt, seed(), deadline)));
            judgeMs += last.judgeMillis();
            promptTokens = sum(promptTokens, last.promptTokens());
            completionTokens = sum(completionTokens, last.completionTokens());
            Verdict verdict =
                    Verdict.of(ScoreParser.parse(last.text(), spec.getOrder().size(), last.finishReason()));
            setup.meters().tried(verdict.ok() ? "ok" : verdict.reason(), last.judgeMillis());
            return verdict;
        } catch (JudgeException e) {
            judgeMs += e.judgeMillis();
            setup.meters().tried(e.reason().name(), e.judgeMillis());
            LOG.atDebug()
                    .addKeyValue("sampleId", id())
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("reason", e.reason())
                    .log("The judge gave nothing usable");
            return Verdict.of(e);
        }
    }

    private void askMeta(MetaRm meta, List<String> shown) throws InterruptedException {
        Instant begun = setup.clock().instant();
        Duration half = Duration.between(begun, deadline).dividedBy(2);
        Instant until = begun.plus(
                half.compareTo(setup.config().metaBudget()) < 0
                        ? half
                        : setup.config().metaBudget());
        for (int tries = 1; metaLogit == null && tries <= setup.config().metaAttempts(); tries++) {
            long nanos = System.nanoTime();
            try {
                double logit =
                        await(meta.score(new MetaRm.Sample(id(), request.getMessages(), shown, last.text(), until)));
                if (!Double.isFinite(logit)) {
                    throw new IllegalArgumentException("the logit is " + logit);
                }
                metaLogit = logit;
                metaDetail = null;
            } catch (RuntimeException e) {
                metaDetail = e.getMessage() == null ? e.toString() : e.getMessage();
                if (e instanceof JudgeException failure && !failure.retryable()) {
                    break;
                }
            } finally {
                setup.meters().scored(metaLogit != null, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos));
            }
            if (metaLogit == null && !setup.clock().instant().isBefore(until)) {
                break;
            }
        }
        metaMs = Duration.between(begun, setup.clock().instant()).toMillis();
        if (metaLogit == null) {
            LOG.atWarn()
                    .addKeyValue("sampleId", id())
                    .addKeyValue("reason", metaDetail)
                    .log("The Meta RM gave no logit; the critique goes out without");
        }
    }

    /** What is known of the sample now, as a record. */
    Critique critique(Verdict verdict) {
        List<MemberScore> scores = new ArrayList<>();
        for (int place = 0; place < verdict.scores().size(); place++) {
            scores.add(
                    new MemberScore(spec.getOrder().get(place), verdict.scores().get(place)));
        }
        return Critique.newBuilder()
                .setJobId(request.getJobId())
                .setGroupId(request.getGroupId())
                .setGroupAttempt(request.getGroupAttempt())
                .setPanel(request.getPanel())
                .setSample(spec.getSample())
                .setRequestId(request.getRequestId())
                .setStatus(verdict.status())
                .setReason(verdict.reason())
                .setDetail(verdict.detail())
                .setScores(scores)
                .setOrder(spec.getOrder())
                .setHinted(hinted)
                .setRawText(last == null ? null : last.text())
                .setFinishReason(last == null ? null : last.finishReason())
                .setMetaLogit(metaLogit)
                .setMetaModel(setup.meta().map(MetaRm::model).orElse(null))
                .setMetaDetail(metaDetail)
                .setJudge(setup.judge().kind())
                .setModel(setup.judge().model())
                .setPromptVersion(setup.prompt().label())
                .setSeed(seed())
                .setAttempt(attempt)
                .setPromptTokens(promptTokens)
                .setCompletionTokens(completionTokens)
                .setStartedMs(startedMs)
                .setJudgeMs(judgeMs)
                .setMetaMs(metaMs)
                .setFinishedMs(setup.clock().millis())
                .setWorker(worker)
                .setDelivery(delivery)
                .build();
    }

    /** The seed of the current try: the sample's own at first, then others that follow from it. */
    private long seed() {
        return attempt <= 1 ? spec.getSeed() : Math.floorMod(spec.getSeed() + (attempt - 1) * SEED_STEP, SEEDS);
    }

    private boolean isTime(Duration ahead) {
        return setup.clock().instant().plus(ahead).isBefore(deadline);
    }

    private Duration backoff(int failures) {
        long full = Math.min(
                setup.config().backoffMax().toMillis(), setup.config().backoff().toMillis() << Math.min(failures, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(full - full / 2, full + 1));
    }

    /** Waits for a result of this sample's own; gives it up when this thread is interrupted. */
    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return result(future);
        } finally {
            future.cancel(true); // no effect when done
        }
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("unexpected failure", e.getCause());
        }
    }

    private static Long sum(Long before, Long more) {
        return more == null ? before : Long.valueOf(before == null ? more : before + more);
    }
}
