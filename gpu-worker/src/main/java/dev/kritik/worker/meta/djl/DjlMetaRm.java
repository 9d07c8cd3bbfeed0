/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta.djl;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.kritik.lm.RewardModel;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.judge.djl.EngineWatch;
import dev.kritik.worker.judge.djl.Failures;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.MetaPrompt;

/**
 * A Meta RM in this process: a decoder with a scalar head on DJL's PyTorch. Samples that come together are computed
 * together. Fails with a {@link JudgeException}. Safe for many threads.
 */
public final class DjlMetaRm implements MetaRm {

    /** Name of this kind of Meta RM. */
    public static final String KIND = "djl";

    /** A checkpoint without a usable chat template is found at the start, not with each sample. */
    private static final List<ChatMessage> PROBE =
            List.of(new ChatMessage("user", "?"), new ChatMessage("assistant", "!"));

    /** Computes the scalar of a text. */
    interface Scorer {
        CompletableFuture<Float> score(String id, int[] tokens, Instant deadline);
    }

    private final String model;
    private final Function<List<ChatMessage>, int[]> template;
    private final Scorer scorer;
    private final Runnable close;
    private final EngineWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A Meta RM from the parts of a reward model. */
    DjlMetaRm(String model, Function<List<ChatMessage>, int[]> template, Scorer scorer, Runnable close) {
        this.model = model;
        this.template = template;
        this.scorer = scorer;
        this.close = close;
        this.watch = new EngineWatch(model);
    }

    /**
     * Loads the model.
     *
     * @param environment gives the value of an environment variable, null when it is not set
     * @throws dev.kritik.schema.config.ConfigError naming the key, if the model can't be used
     */
    public static DjlMetaRm open(DjlMetaConfig config, UnaryOperator<String> environment) {
        RewardModel model = config.model()
                .open(
                        environment,
                        (folder, engine) -> RewardModel.open(folder, engine, config.scorer()),
                        opened -> opened.prompt(PROBE));
        return new DjlMetaRm(config.model().name(), model::prompt, model::score, model::close);
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public CompletableFuture<Double> score(Sample sample) {
        try {
            MetaPrompt prompt = MetaPrompt.of(sample.messages(), sample.responses(), sample.critique());
            int[] tokens = template.apply(
                    List.of(new ChatMessage("user", prompt.user()), new ChatMessage("assistant", prompt.assistant())));
            return Failures.translate(
                    watch.over(scorer.score(sample.id(), tokens, sample.deadline())), DjlMetaRm::logit);
        } catch (RuntimeException e) { // a template that does not take these turns, say
            return CompletableFuture.failedFuture(Failures.of(e));
        }
    }

    private static double logit(float logit) {
        if (!Float.isFinite(logit)) {
            throw new JudgeException(Reason.JUDGE_ERROR, true, "the logit is " + logit, null);
        }
        return logit;
    }

    @Override
    public CompletionStage<Void> gone() {
        return watch.gone();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) { // a model's memory must not be freed twice
            close.run();
        }
    }
}
