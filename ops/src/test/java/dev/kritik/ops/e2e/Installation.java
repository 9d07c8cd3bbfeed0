/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import dev.kritik.local.LocalStack;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.stream.StreamApp;
import dev.kritik.telemetry.Telemetry;
import dev.kritik.telemetry.TelemetryConfig;
import dev.kritik.worker.Worker;

/**
 * A whole installation for one test class: topics of its own on a real broker and a real registry, which all test classes
 * of this JVM share; stream-app and workers run in this JVM.
 */
final class Installation implements AutoCloseable {

    private static LocalStack stack;

    private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + ".";
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, String> config = new TreeMap<>();
    private final Client client;
    private final Map<String, Telemetry> telemetries = new HashMap<>();

    Installation(Map<String, String> settings) {
        config.putAll(Map.of(
                "kafka.bootstrap.servers",
                stack().bootstrapServers(),
                "registry.url",
                stack().registryUrl(),
                "topics.prefix",
                prefix,
                "topics.partitions",
                "2",
                "topics.replication",
                "1",
                "stream.replication",
                "1",
                "stream.state.dir",
                stack().data().resolve(prefix + "state").toString(),
                "worker.shutdown.grace.ms",
                "1000"));
        config.putAll(settings);
        Bootstrap.run(config, Bootstrap.Mode.CREATE)
                .forEach(finding -> assertThat(finding.state().good())
                        .as("%s: %s", finding.thing(), finding.detail())
                        .isTrue());
        client = open(new Client(config));
    }

    /** The broker and the registry of this JVM; they die with it. */
    static synchronized LocalStack stack() {
        if (stack == null) {
            stack = LocalStack.temporary();
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
        }
        return stack;
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    Client client() {
        return client;
    }

    Map<String, String> config() {
        return Map.copyOf(config);
    }

    RecordedJudge judge(JudgeOptions options) {
        try {
            return open(RecordedJudge.start(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StreamApp stream() {
        Telemetry telemetry = telemetry("stream");
        StreamApp app = open(new StreamApp(config(), telemetry.registry()));
        telemetry.serve(app);
        app.start();
        await().atMost(Duration.ofMinutes(1)).until(app::ready);
        return app;
    }

    private Telemetry telemetry(String role) {
        Telemetry telemetry = open(new Telemetry(TelemetryConfig.from(config, name -> null), role));
        telemetries.put(role, telemetry);
        return telemetry;
    }

    /** Where the newest one of a role tells about itself. */
    URI telemetryOf(String role) {
        return telemetries.get(role).uri().orElseThrow();
    }

    Worker worker(String judgeUrl, String model, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(config);
        all.putAll(Map.of("judge.openai.url", judgeUrl, "judge.openai.model", model, "worker.name", "worker-" + model));
        all.putAll(settings);
        Telemetry telemetry = telemetry("worker");
        Worker worker = open(Worker.open(all, telemetry.registry()));
        telemetry.serve(worker);
        worker.start();
        await().atMost(Duration.ofMinutes(1)).until(worker::ready);
        return worker;
    }

    @Override
    public void close() {
        for (AutoCloseable closeable : opened) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
