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
import dev.kritik.worker.Delivery;
import dev.kritik.worker.Judging;
import dev.kritik.worker.http.Calls;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.meta.MetaRm;

/**
 * Turns a request into its critiques: exactly one for each sample, whatever happens. All samples of a request run at once;
 * the judge bounds how many reach the model. Safe for many threads. Judges and Meta RM stay the caller's to close.
 *
 * <p>A sample is tried until scores can be read, each time with a new seed, up to {@code critic.attempts} times and never
 * past the deadline. The last try decides what the critique says. A judge that takes no requests (429, 503, unreachable) is
 * waited for within a try, until the deadline: an outage of a minute costs a minute, and no sample. In a jury, another judge
 * takes the place of one that takes no requests for {@code jury.patience.ms}, or whose tries have failed.
 */
public final class Critic implements Judging, AutoCloseable {

    private final CriticSetup setup;
    private final Calls calls = new Calls(() -> new IllegalStateException("the critic has been closed"));

    /** A critic with one judge that has no name, on the system's clock. */
    public Critic(CriticConfig config, Judge judge, Optional<MetaRm> meta, MeterRegistry registry) {
        this(config, Jury.of(judge, config.prompt()), meta, registry);
    }

    /** A critic with these judges, each with a wording of its own, on the system's clock. */
    public Critic(CriticConfig config, Jury jury, Optional<MetaRm> meta, MeterRegistry registry) {
        this(config, jury, meta, registry, InstantSource.system(), Thread::sleep);
    }

    Critic(
            CriticConfig config,
            Jury jury,
            Optional<MetaRm> meta,
            MeterRegistry registry,
            InstantSource clock,
            Pause pause) {
        CriticMeters meters = new CriticMeters(registry);
        this.setup = new CriticSetup(config, new Bench(jury, meters), meta, meters, clock, pause);
    }

    /**
     * Starts on a request and returns at once.
     *
     * @return completes when all critiques have been taken; exceptionally when the sink threw. Cancelling it stops the work
     *     at once; critiques that are not there yet are then never made.
     */
    @Override
    public CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> sink) {
        Prompts prompts = new Prompts(request, calls);
        List<CompletableFuture<Void>> samples = request.getSamples().stream()
                .map(spec -> new SampleRun(setup, new Sample(request, spec, delivery)))
                .map(run -> calls.<Void>start("sample-" + run.id(), () -> {
                    setup.meters().begun();
                    try {
                        Critique critique = run.run(prompts);
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
            CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> sink) {
        for (SampleSpec spec : request.getSamples()) {
            Critique critique =
                    new SampleRun(setup, new Sample(request, spec, delivery)).critique(Verdict.failed(reason, detail));
            setup.meters().answered(critique);
            sink.accept(critique);
        }
    }

    @Override
    public Optional<String> idle() {
        return setup.bench().down();
    }

    /** Stops all work; futures that are not done fail. */
    @Override
    public void close() {
        calls.close();
    }
}
