/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.local.Ports;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.LocalCluster;

/**
 * The figure that Kubernetes scales workers by (deploy/kubernetes/components/keda), in a real Prometheus that scrapes a real
 * exporter, where there has never been a worker: without it, nobody would ever start the first one.
 */
class LiveScalingTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FIGURE = "kritik:requests_unsettled:sum";

    @TempDir
    private Path folder;

    @Test
    @Timeout(400)
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void requestsCountBeforeTheFirstWorkerAndNoLongerWhenItIsDone() throws Exception {
        Optional<Path> program = PrometheusTools.find("prometheus");
        assumeTrue(program.isPresent(), "prometheus is not installed (Debian: prometheus)");
        // Given an installation without workers
        try (RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(new SeededScores()));
                LocalCluster cluster = LocalCluster.temporary(Map.of(
                        "stream.goal",
                        "fixed",
                        "judge.openai.url",
                        judge.url().toString(),
                        "judge.openai.model",
                        SeededScores.MODEL))) {
            int exporter = Ports.free("test");
            int port = Ports.free("test");
            cluster.startStream();
            cluster.startExporter(
                    Map.of("telemetry.http.address", "127.0.0.1:" + exporter, "exporter.interval.ms", "1000"));
            try (Prometheus prometheus =
                    new Prometheus(program.get(), folder, port, List.of("127.0.0.1:" + exporter))) {
                await().atMost(PATIENCE).until(prometheus::ready);
                holds(prometheus, FIGURE + " == 0");

                // When there is something to do
                publish(cluster);

                // Then
                holds(prometheus, FIGURE + " >= 3");
                assertThat(prometheus.series("kritik_lag_records{topic=\"critique-requests\"}"))
                        .as("nobody has read the topic")
                        .isZero();

                // When a worker does it
                cluster.startWorker();

                // Then
                holds(prometheus, FIGURE + " == 0");
                holds(prometheus, "sum(kritik_lag_records{topic=\"critique-requests\"}) == 0");
            }
        }
    }

    private static void holds(Prometheus prometheus, String condition) {
        await(condition)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(prometheus.series(condition)).as(condition).isEqualTo(1));
    }

    private void publish(LocalCluster cluster) throws IOException {
        Path file = folder.resolve("groups.jsonl");
        Files.writeString(file, """
                {"query_id":"a","messages":[{"role":"user","content":"1+1?"}],"responses":[{"content":"2"},{"content":"3"}]}
                {"query_id":"b","messages":[{"role":"user","content":"1+2?"}],"responses":[{"content":"2"},{"content":"3"}]}
                {"query_id":"c","messages":[{"role":"user","content":"1+3?"}],"responses":[{"content":"2"},{"content":"3"}]}
                """);
        Cli run = Cli.run(
                "rollouts",
                "publish",
                file.toString(),
                "--job",
                "scaling",
                "--config",
                cluster.configFile().toString());
        assertThat(run.code()).as(run.err()).isZero();
    }
}
