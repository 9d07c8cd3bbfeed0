/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.kritik.local.Options;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.RecordedTexts;

/** Real broker, registry, stream-app, worker and judge over HTTP; each in a process of its own, the judge aside. */
class LocalClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String TEXTS = """
            {"match":"two plus two","responses":["It is 4.","It is 5."],"texts":[\
            {"text":"{{r0}} adds up, {{r1}} does not. \\\\boxed{{scores}}","scores":[9,2]}]}
            """;

    @TempDir
    private Path folder;

    /** A minute and a half; what it shows is in the ordinary tests, too, in pieces (FaultsEndToEndTest, LocalStackTest). */
    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void groupsAreJudgedAcrossKillsOfTheRolesAndAfterAWholeRestart() throws Exception {
        // Given
        try (RecordedJudge judge = judge()) {
            Options options = Options.in(folder.resolve("data"));
            Map<String, String> settings = Map.of(
                    "judge.openai.url", judge.url().toString(), "judge.openai.model", "recorded", "stream.k", "2");
            List<Long> pids;
            try (LocalCluster cluster = LocalCluster.start(options, settings)) {
                RoleProcess stream = cluster.startStream();
                RoleProcess worker = cluster.startWorker();
                String config = cluster.configFile().toString();
                assertThat(Cli.run("topics", "check", "--config", config).code())
                        .isZero();

                // When // Then
                publish(config, "first");
                awaitReward(config, "first");

                // When
                stream.kill();
                worker.kill();
                assertThat(stream.isAlive()).isFalse();
                publish(config, "second");
                stream.start();
                worker.start();

                // Then
                awaitReward(config, "second");
                pids = pids(cluster);
            }
            assertThat(pids).noneMatch(LocalClusterTest::isAlive);

            // When
            try (LocalCluster cluster = LocalCluster.start(options, settings)) {
                cluster.startStream();
                cluster.startWorker();
                Map<String, String> dashboard = LocalDashboard.placed(Map.of(), said -> {});
                cluster.startDashboard(dashboard);
                String config = cluster.configFile().toString();
                publish(config, "third");

                // Then
                awaitReward(config, "third");
                assertThat(rewards(config, "first")).isEqualTo(1);
                assertThat(rewards(config, "second")).isEqualTo(1);
                awaitInDashboard(dashboard, "job=third&group=q", "It is 4.", "adds up", "\"status\":\"OK\"");
                awaitInDashboard(dashboard, "job=first&group=q", "\"status\":\"OK\"");
            }
        }
    }

    private static void awaitInDashboard(Map<String, String> settings, String group, String... said) {
        URI page = URI.create("http://" + LocalDashboard.address(settings) + "/api/group?" + group);
        try (HttpClient client = HttpClient.newHttpClient()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.send(
                                            HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                                    .body())
                            .contains(said));
        }
    }

    private static RecordedJudge judge() throws Exception {
        return RecordedJudge.start(
                JudgeOptions.of(RecordedTexts.read("test", new BufferedReader(new StringReader(TEXTS)))));
    }

    private void publish(String config, String job) throws Exception {
        Path file = folder.resolve(job + ".jsonl");
        Files.writeString(file, """
                {"query_id":"q","messages":[{"role":"user","content":"What is two plus two?"}],\
                "responses":[{"content":"It is 4."},{"content":"It is 5."}]}
                """);
        Cli run = Cli.run("rollouts", "publish", file.toString(), "--job", job, "--config", config);
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static void awaitReward(String config, String job) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(rewards(config, job)).isEqualTo(1));
        assertThat(tail(config, job))
                .contains("\"status\":\"OK\"")
                .contains("\"reward\":9.0")
                .contains("\"reward\":2.0");
    }

    private static long rewards(String config, String job) {
        return tail(config, job).lines().filter(line -> line.startsWith("{")).count();
    }

    private static String tail(String config, String job) {
        Cli run = Cli.run("rewards", "tail", "--json", "--job", job, "--config", config);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private static List<Long> pids(LocalCluster cluster) {
        LongStream stack =
                LongStream.of(cluster.stack().brokerPid(), cluster.stack().registryPid());
        return Stream.concat(stack.boxed(), cluster.roles().stream().map(RoleProcess::pid))
                .toList();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
