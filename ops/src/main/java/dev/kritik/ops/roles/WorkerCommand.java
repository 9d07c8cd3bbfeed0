/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Loading;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.topics.RightsCheck;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.telemetry.Health;
import dev.kritik.telemetry.Telemetry;
import dev.kritik.telemetry.TelemetryConfig;
import dev.kritik.worker.Worker;

/** {@code kritik worker}: runs one worker. */
@Command(
        name = "worker",
        description = {
            "Run a worker: takes requests for critiques, asks the judge and the Meta RM, and writes the critiques. Any number "
                    + "of workers share the work. Runs until Ctrl-C; what it has in hand is finished or given back.",
            "The judge is any server that speaks OpenAI's chat API, or a model in this process (worker.judge=djl); an API key "
                    + "stands in the environment variable that judge.openai.api.key.env names."
        },
        footer = {
            "",
            "Examples:",
            "  kritik worker --config kritik.properties",
            "  kritik worker --config kritik.properties --set judge.openai.url=http://gpu1:8000/v1 --set worker.slots=32",
            "  kritik worker --config kritik.properties --set worker.judge=djl --set judge.djl.model=org/name",
            "  kritik judge recorded --texts texts.jsonl    # a stand-in for a judge, to try things out"
        })
public final class WorkerCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> config = common.config();
        Telemetry telemetry = new Telemetry(TelemetryConfig.from(config, System::getenv), "worker");
        Loading loading = new Loading();
        AtomicReference<Worker> worker = new AtomicReference<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        return Role.run(
                "worker",
                () -> {
                    telemetry.serve(health(worker));
                    RightsCheck.require(AclRole.WORKER, config);
                    loading.run(() -> {
                        Worker opened = Worker.open(config, telemetry.registry());
                        worker.set(opened);
                        var unused = opened.stopped().thenRun(() -> stopped.complete(null));
                        opened.start();
                    });
                },
                atMost -> {
                    if (loading.stop(atMost) && worker.get() != null) {
                        worker.get().close(); // worker.shutdown.grace.ms says how long
                    }
                    telemetry.close();
                },
                stopped);
    }

    /** Loading a model takes minutes, and a worker that does so lives. */
    static Health health(AtomicReference<Worker> worker) {
        return new Health() {
            @Override
            public Optional<String> dead() {
                return Optional.ofNullable(worker.get()).flatMap(Worker::dead);
            }

            @Override
            public Optional<String> idle() {
                Worker opened = worker.get();
                return opened == null
                        ? Optional.of("it opens its judges; models of this process are being loaded")
                        : opened.idle();
            }
        };
    }
}
