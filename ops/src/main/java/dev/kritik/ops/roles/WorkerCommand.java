/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Loading;
import dev.kritik.ops.cli.Role;
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
        Loading loading = new Loading();
        AtomicReference<Worker> worker = new AtomicReference<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        return Role.run(
                "worker",
                () -> loading.run(() -> {
                    Worker opened = Worker.open(config, new SimpleMeterRegistry());
                    worker.set(opened);
                    var unused = opened.stopped().thenRun(() -> stopped.complete(null));
                    opened.start();
                }),
                atMost -> {
                    if (loading.stop(atMost) && worker.get() != null) {
                        worker.get().close(); // worker.shutdown.grace.ms says how long
                    }
                },
                stopped);
    }
}
