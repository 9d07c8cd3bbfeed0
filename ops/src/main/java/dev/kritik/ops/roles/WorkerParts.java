/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.worker.Judging;
import dev.kritik.worker.Worker;
import dev.kritik.worker.WorkerConfig;
import dev.kritik.worker.critic.Critic;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.Judges;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.MetaRm;
import dev.kritik.worker.meta.MetaRms;

/** A worker and all that it needs, opened from configuration and closed in the right order. */
final class WorkerParts {

    /** The critic in the words of the worker. */
    private record CriticJudging(Critic critic) implements Judging {

        @Override
        public CompletableFuture<Void> critique(
                CritiqueRequest request, int delivery, String worker, Consumer<Critique> sink) {
            return critic.critique(request, delivery, worker, sink);
        }

        @Override
        public void fail(
                CritiqueRequest request,
                int delivery,
                String worker,
                String reason,
                String detail,
                Consumer<Critique> sink) {
            critic.refuse(request, delivery, worker, reason, detail).forEach(sink);
        }
    }

    private final HttpSchemaRegistry registry;
    private final Judge judge;
    private final Optional<MetaRm> meta;
    private final Critic critic;
    private final Worker worker;

    private WorkerParts(HttpSchemaRegistry registry, Judge judge, Optional<MetaRm> meta, Critic critic, Worker worker) {
        this.registry = registry;
        this.judge = judge;
        this.meta = meta;
        this.critic = critic;
        this.worker = worker;
    }

    /**
     * Reads all configuration and opens what it names; nothing is taken from Kafka yet.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    static WorkerParts open(Map<String, String> config) {
        WorkerConfig workerConfig = WorkerConfig.from(config);
        RegistryConfig registryConfig = RegistryConfig.from(config);
        CriticConfig criticConfig = CriticConfig.from(config);
        JudgeConfig judgeConfig = JudgeConfig.from(config);
        MetaConfig metaConfig = MetaConfig.from(config);
        MeterRegistry meters = new SimpleMeterRegistry();
        HttpSchemaRegistry registry = new HttpSchemaRegistry(registryConfig);
        Judge judge = Judges.open(judgeConfig);
        Optional<MetaRm> meta = MetaRms.open(metaConfig);
        Critic critic = new Critic(criticConfig, judge, meta, meters);
        return new WorkerParts(
                registry, judge, meta, critic, new Worker(workerConfig, registry, new CriticJudging(critic), meters));
    }

    void start() {
        worker.start();
    }

    /** The worker first: it finishes what it has in hand, for which it needs all the others. */
    void close(Duration atMost) {
        worker.close(atMost);
        critic.close();
        meta.ifPresent(MetaRm::close);
        judge.close();
        registry.close();
    }
}
