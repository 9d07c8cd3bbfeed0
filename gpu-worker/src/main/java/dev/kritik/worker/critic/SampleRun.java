/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.MemberScore;
import dev.kritik.telemetry.TraceLog;
import dev.kritik.worker.meta.MetaRm;

/** One sample on its way to its critique: judges, Meta RM, record. Lives on one thread. */
final class SampleRun {

    private static final Logger LOG = LoggerFactory.getLogger(SampleRun.class);

    private final CriticSetup setup;
    private final Sample sample;
    private final Nominees nominees;
    private final Tally tally;
    private final MetaScoring meta;
    private final long startedMs;
    private boolean hinted;

    SampleRun(CriticSetup setup, Sample sample) {
        this.setup = setup;
        this.sample = sample;
        this.nominees = setup.bench().nominees(sample.spec());
        this.tally = new Tally(nominees.own());
        this.meta = new MetaScoring(setup, sample);
        this.startedMs = setup.clock().millis();
    }

    /** See {@link Sample#id}. */
    String id() {
        return sample.id();
    }

    /**
     * Does the work.
     *
     * @param prompts of the request
     * @return always a critique
     * @throws InterruptedException if the sample is not wanted any more
     */
    Critique run(Prompts prompts) throws InterruptedException {
        Verdict verdict;
        try {
            List<String> shown = sample.shown();
            Optional<String> hint = sample.hint();
            hinted = hint.isPresent();
            verdict = judge(juror -> prompts.text(juror, shown, hint));
            if (verdict.ok() && setup.meta().isPresent()) {
                meta.ask(setup.meta().get(), shown, tally.last().text());
            }
        } catch (RuntimeException e) {
            TraceLog.with(LOG.atError(), sample.delivery().trace())
                    .addKeyValue("sampleId", id())
                    .setCause(e)
                    .log("A sample failed for a reason of our own");
            verdict = Verdict.failed("INTERNAL_ERROR", "the worker failed on this sample: " + e);
        }
        return critique(verdict);
    }

    private Verdict judge(Deliberation.Wording wording) throws InterruptedException {
        Deliberation deliberation = new Deliberation(setup, sample, nominees, tally, wording);
        Verdict verdict = deliberation.run();
        if (verdict.status() == CritiqueStatus.FAILED) {
            TraceLog.with(LOG.atWarn(), sample.delivery().trace())
                    .addKeyValue("sampleId", id())
                    .addKeyValue("attempt", tally.attempt())
                    .addKeyValue("reason", verdict.reason())
                    .log("A sample failed");
        }
        if (nominees.replacedBy(tally.writer()).isPresent()) {
            setup.meters().replaced(nominees, deliberation.missed());
        }
        return verdict;
    }

    /** What is known of the sample now, as a record. */
    Critique critique(Verdict verdict) {
        List<Integer> order = sample.spec().getOrder();
        List<MemberScore> scores = new ArrayList<>();
        for (int place = 0; place < verdict.scores().size(); place++) {
            scores.add(new MemberScore(order.get(place), verdict.scores().get(place)));
        }
        CritiqueRequest request = sample.request();
        Juror writer = tally.writer().juror();
        return Critique.newBuilder()
                .setJobId(request.getJobId())
                .setGroupId(request.getGroupId())
                .setGroupAttempt(request.getGroupAttempt())
                .setPanel(request.getPanel())
                .setSample(sample.spec().getSample())
                .setRequestId(request.getRequestId())
                .setStatus(verdict.status())
                .setReason(verdict.reason())
                .setDetail(verdict.detail())
                .setScores(scores)
                .setOrder(order)
                .setHinted(hinted)
                .setRawText(tally.last() == null ? null : tally.last().text())
                .setFinishReason(tally.last() == null ? null : tally.last().finishReason())
                .setMetaLogit(meta.logit())
                .setMetaModel(setup.meta().map(MetaRm::model).orElse(null))
                .setMetaDetail(meta.detail())
                .setJudge(writer.judge().kind())
                .setJudgeName(writer.name().orElse(null))
                .setReplaced(nominees.replacedBy(tally.writer()).orElse(null))
                .setModel(writer.judge().model())
                .setPromptVersion(writer.prompts().version().label())
                .setSeed(sample.seed(tally.attempt()))
                .setAttempt(tally.attempt())
                .setPromptTokens(tally.promptTokens())
                .setCompletionTokens(tally.completionTokens())
                .setStartedMs(startedMs)
                .setJudgeMs(tally.judgeMs())
                .setMetaMs(meta.millis())
                .setFinishedMs(setup.clock().millis())
                .setWorker(sample.delivery().worker())
                .setDelivery(sample.delivery().number())
                .build();
    }
}
