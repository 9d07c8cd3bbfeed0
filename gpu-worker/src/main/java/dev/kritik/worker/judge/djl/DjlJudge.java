/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.prompt.PromptVersion;

/**
 * A judge in this process: a language model on DJL's PyTorch. Samples that come together share the computing of what
 * their prompts begin with alike, which is everything before the responses, for their orders differ. The model bounds how
 * many are written at once, and the others wait in its queue. Safe for many threads.
 */
public final class DjlJudge implements Judge {

    /** Name of this kind of judge. */
    public static final String KIND = "djl";

    /** A checkpoint without a usable chat template is found at the start, not with each sample. */
    private static final List<ChatMessage> PROBE = List.of(new ChatMessage("user", "?"));

    private final String model;
    private final Optional<PromptVersion> prompt;
    private final Function<List<ChatMessage>, int[]> template;
    private final Function<GenerateRequest, CompletableFuture<Generated>> generator;
    private final Sampling sampling;
    private final Runnable close;
    private final EngineWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A judge from the parts of a language model. */
    DjlJudge(
            String model,
            Optional<PromptVersion> prompt,
            Function<List<ChatMessage>, int[]> template,
            Function<GenerateRequest, CompletableFuture<Generated>> generator,
            Sampling sampling,
            Runnable close) {
        this.model = model;
        this.prompt = prompt;
        this.template = template;
        this.generator = generator;
        this.sampling = sampling;
        this.close = close;
        this.watch = new EngineWatch(model);
    }

    /**
     * Loads the model.
     *
     * @param environment gives the value of an environment variable, null when it is not set
     * @throws dev.kritik.schema.config.ConfigError naming the key, if the model can't be used
     */
    public static DjlJudge open(DjlConfig config, UnaryOperator<String> environment) {
        Opened opened = config.model()
                .open(
                        environment,
                        (folder, engine) -> {
                            Optional<PromptVersion> prompt = JudgeFile.prompt(folder); // before minutes of loading
                            return new Opened(LanguageModel.open(folder, engine, config.generator()), prompt);
                        },
                        it -> it.model().prompt(PROBE));
        LanguageModel model = opened.model();
        return new DjlJudge(
                config.model().name(),
                opened.prompt(),
                model::prompt,
                model::generate,
                config.sampling(),
                model::close);
    }

    /** A model, and what its folder says of it. */
    private record Opened(LanguageModel model, Optional<PromptVersion> prompt) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public Optional<PromptVersion> prompt() {
        return prompt;
    }

    @Override
    public CompletableFuture<Completion> generate(Generation generation) {
        try {
            int[] prompt = template.apply(List.of(new ChatMessage("user", generation.prompt())));
            GenerateRequest request =
                    new GenerateRequest(generation.id(), prompt, sampling, generation.seed(), generation.deadline());
            return Failures.translate(watch.over(generator.apply(request)), DjlJudge::completion);
        } catch (RuntimeException e) { // a template that takes no single user's turn, say
            return CompletableFuture.failedFuture(Failures.of(e));
        }
    }

    private static Completion completion(Generated generated) {
        String finish = switch (generated.finish()) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
        return new Completion(
                generated.text(),
                finish,
                (long) generated.promptTokens(),
                (long) generated.tokens().length,
                generated.computeMillis());
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
