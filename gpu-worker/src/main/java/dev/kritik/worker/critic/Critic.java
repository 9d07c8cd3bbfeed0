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
import dev.kritik.worker.http.Calls;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.prompt.PromptBuilder;
import dev.kritik.worker.prompt.RequestPrompt;

/**
 * Turns a request into its critiques: exactly one for each sample, whatever happens. All samples of a request run at once;
 * the judge bounds how many reach the model. Safe for many threads. Judge and Meta RM stay the caller's to close.
 *
 * <p>A sample is tried until scores can be read, each time with a new seed, up to {@code critic.attempts} times and never
 * past the deadline. The last try decides what the critique says. A judge that takes no requests (429, 503, unreachable) is
 * waited for within a try, until the deadline: an outage of a minute costs a minute, and no sample.
 */
public final class Critic implements AutoCloseable {

    private final CriticSetup setup;
    private final PromptBuilder prompts;
    private final Calls calls = new Calls(() -> new IllegalStateException("the critic has been closed"));

    /** A critic on the system's clock. */
    public Critic(CriticConfig config, Judge judge, Optional<MetaRm> meta, MeterRegistry registry) {
        this(config, judge, meta, new PromptBuilder(), registry, InstantSource.system(), Thread::sleep);
    }

    Critic(
            CriticConfig config,
            Judge judge,
            Optional<MetaRm> meta,
            PromptBuilder prompts,
            MeterRegistry registry,
            InstantSource clock,
            Pause pause) {
        this.setup = new CriticSetup(config, judge, meta, new CriticMeters(registry), clock, pause);
        this.prompts = prompts;
    }

    /**
     * Starts on a request and returns at once.
     *
     * @param delivery how often the request has been delivered, from 1; 0 when the source does not count
     * @param worker name of this worker
     * @param sink takes each critique as soon as it is there; called from several threads
     * @return completes when all critiques have been taken; exceptionally when the sink threw. Cancelling it stops the work
     *     at once; critiques that are not there yet are then never made.
     */
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

    /**
     * The critiques of a request that is not to be tried any more: FAILED, one for each sample.
     *
     * @param reason as the contract of critiques names it, such as {@code DELIVERIES_EXHAUSTED}
     * @param detail the reason in words
     */
    public List<Critique> refuse(CritiqueRequest request, int delivery, String worker, String reason, String detail) {
        List<Critique> critiques = request.getSamples().stream()
                .map(spec -> new SampleRun(setup, request, spec, delivery, worker))
                .map(run -> run.critique(Verdict.failed(reason, detail)))
                .toList();
        critiques.forEach(setup.meters()::answered);
        return critiques;
    }

    /** Stops all work; futures that are not done fail. */
    @Override
    public void close() {
        calls.close();
    }
}
