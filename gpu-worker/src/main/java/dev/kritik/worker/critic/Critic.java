/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import io.micrometer.core.instrument.MeterRegistry;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.Judging;
import dev.kritik.worker.http.Calls;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.PromptBuilder;
import dev.kritik.worker.prompt.PromptVersion;
import dev.kritik.worker.prompt.RequestPrompt;

/**
 * Turns a request into its critiques: exactly one for each sample, whatever happens. All samples of a request run at once;
 * the judge bounds how many reach the model. Safe for many threads. Judge and Meta RM stay the caller's to close.
 *
 * <p>A sample is tried until scores can be read, each time with a new seed, up to {@code critic.attempts} times and never
 * past the deadline. The last try decides what the critique says. A judge that takes no requests (429, 503, unreachable) is
 * waited for within a try, until the deadline: an outage of a minute costs a minute, and no sample.
 */
public final class Critic implements Judging, AutoCloseable {

    private final CriticSetup setup;
    private final PromptBuilder prompts;
    private final Calls calls = new Calls(() -> new IllegalStateException("the critic has been closed"));

    /** A critic on the system's clock. */
    public Critic(CriticConfig config, Judge judge, Optional<MetaRm> meta, MeterRegistry registry) {
        this(
                config,
                judge,
                meta,
                new PromptBuilder(config.prompt().or(judge::prompt).orElse(PromptVersion.CRITIQUE_V1)),
                registry,
                InstantSource.system(),
                Thread::sleep);
    }

    Critic(
            CriticConfig config,
            Judge judge,
            Optional<MetaRm> meta,
            PromptBuilder prompts,
            MeterRegistry registry,
            InstantSource clock,
            Pause pause) {
        this.setup = new CriticSetup(config, judge, meta, prompts.version(), new CriticMeters(registry), clock, pause);
        this.prompts = prompts;
    }

    /**
     * Starts on a request and returns at once.
     *
     * @return completes when all critiques have been taken; exceptionally when the sink threw. Cancelling it stops the work
     *     at once; critiques that are not there yet are then never made.
     */
    @Override
    public CompletableFuture<Void> critique(
            CritiqueRequest request, int delivery, String worker, Consumer<Critique> sink) {
        CompletableFuture<RequestPrompt> prompt = calls.start(
                "prompt-" + request.getRequestId(),
                () -> prompts.forRequest(
                        request.getMessages(),
                        request.getReference(),
                        request.getResponses().size()));
        List<CompletableFuture<Void>> samples = request.getSamples().stream()
                .map(spec -> new SampleRun(setup, request, spec, delivery, worker))
                .map(run -> calls.<Void>start("sample-" + run.id(), () -> {
                    setup.meters().begun();
                    try {
                        Critique critique = run.run(prompt);
                        if (Thread.interrupted()) {
                            throw new InterruptedException("not wanted any more");
                        }
                        setup.meters().answered(critique);
                        sink.accept(critique);
                        return null;
                    } finally {
                        setup.meters().ended();
                    }
                }))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(samples.toArray(CompletableFuture[]::new));
        var unused = all.whenComplete((done, error) -> {
            if (all.isCancelled()) {
                samples.forEach(sample -> sample.cancel(true));
            }
        });
        return all;
    }

    @Override
    public void fail(
            CritiqueRequest request,
            int delivery,
            String worker,
            String reason,
            String detail,
            Consumer<Critique> sink) {
        for (SampleSpec spec : request.getSamples()) {
            Critique critique =
                    new SampleRun(setup, request, spec, delivery, worker).critique(Verdict.failed(reason, detail));
            setup.meters().answered(critique);
            sink.accept(critique);
        }
    }

    /** Stops all work; futures that are not done fail. */
    @Override
    public void close() {
        calls.close();
    }
}
