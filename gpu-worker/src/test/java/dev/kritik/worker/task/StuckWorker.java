/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.worker.Cluster;

/** A process that takes a task and never ends it, made to be killed. */
final class StuckWorker {

    private static final String TAKEN = "taken";

    private StuckWorker() {}

    static Process start(String topic, String group) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StuckWorker.class.getName(),
                        topic,
                        group,
                        (String) Cluster.client().get("bootstrap.servers"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Waits until it has a task; false when it ends without. */
    static boolean awaitTask(Process process) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(TAKEN)) {
                return true;
            }
        }
        return false;
    }

    public static void main(String[] args) {
        KafkaSettings kafka = new KafkaSettings(java.util.Map.of("bootstrap.servers", args[2]), new Topics(""));
        Backoff backoff = new Backoff(Duration.ofMillis(20), Duration.ofMillis(40));
        new ShareTaskSource(
                        new SourceSettings(args[0], args[1], "stuck", 1, 5, backoff, Duration.ZERO, kafka),
                        new TaskMetrics(new SimpleMeterRegistry()))
                .start(new TaskHandler() {
                    @Override
                    public CompletableFuture<Void> handle(Task task) {
                        System.out.println(TAKEN);
                        return new CompletableFuture<>();
                    }

                    @Override
                    public CompletableFuture<Void> giveUp(Task task, Throwable why) {
                        return new CompletableFuture<>();
                    }
                });
    }
}
