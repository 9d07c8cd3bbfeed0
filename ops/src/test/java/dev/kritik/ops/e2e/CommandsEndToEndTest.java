/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedTexts;

/** The commands around a running installation, on real topics. */
class CommandsEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static Path queries;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(Map.of());
        queries = folder.resolve("queries.jsonl");
        try (InputStream in = resource("queries.jsonl");
                BufferedReader critiques = new BufferedReader(
                        new InputStreamReader(resource("critiques.jsonl"), StandardCharsets.UTF_8))) {
            Files.copy(in, queries);
            var judge = installation.judge(JudgeOptions.of(RecordedTexts.read("critiques", critiques)));
            installation.stream();
            installation.worker(judge.url().toString(), "recorded-texts", Map.of("critic.backoff.ms", "10"));
        }
    }

    private static InputStream resource(String name) {
        return CommandsEndToEndTest.class.getResourceAsStream("/demo/" + name);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static Cli run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        installation.config().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void whatIsPublishedComesBackAsRewardsAndABadLineIsNamed() throws IOException {
        // Given
        Path file = folder.resolve("mixed.jsonl");
        Files.writeString(file, "{\"query_id\":\"x\"}\n" + Files.readString(queries));

        // When
        Cli published = run("rollouts", "publish", file.toString(), "--job", "mixed", "--k", "2", "--json");
        Cli tail = run("rewards", "tail", "--job", "mixed", "--follow", "--count", "7", "--json");
        Cli table = run("rewards", "tail", "--job", "mixed");
        Cli none = run("rewards", "tail", "--job", "another");

        // Then
        assertThat(published.code()).as("a line was rejected").isEqualTo(1);
        assertThat(published.err()).contains("line 1: rejected: responses is missing");
        JsonNode report = JSON.readTree(published.out());
        assertThat(report.get("groups").asInt()).isEqualTo(7);
        assertThat(report.get("rollouts").asInt()).isEqualTo(20);
        assertThat(tail.code()).isZero();
        assertThat(tail.out().lines()).hasSize(7).allSatisfy(line -> {
            JsonNode reward = JSON.readTree(line);
            assertThat(reward.get("status").asText()).isEqualTo("OK");
            assertThat(reward.get("k").asInt()).isEqualTo(2);
        });
        assertThat(table.out()).contains("mixed/demo-bleach  OK  k=2", "equal to #0");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
    }

    @Test
    void evalScoresARunningInstallation() throws IOException {
        // When
        Cli eval = run("eval", "--data", queries.toString(), "--k", "4", "--timeout-s", "120", "--json");

        // Then
        assertThat(eval.code()).as(eval.err()).isZero();
        JsonNode result = JSON.readTree(eval.out().lines().toList().getLast());
        assertThat(result.get("queries").asInt()).isEqualTo(7);
        assertThat(result.get("counted").asInt()).isEqualTo(7);
        assertThat(result.get("samples_used").asInt()).isEqualTo(28);
        assertThat(result.get("invalid_samples").asInt()).isEqualTo(1);
        assertThat(result.get("samples_per_response").asDouble()).isEqualTo(4.0);
        assertThat(result.get("statuses").get("OK").asInt()).isEqualTo(7);
        assertThat(result.get("accuracy").asDouble()).isEqualTo(1.0);
    }

    @Test
    void evalRefusesAJudgeForAnInstallationThatHasItsOwn() {
        Cli eval = run("eval", "--data", queries.toString(), "--url", "http://127.0.0.1:1/v1");

        assertThat(eval.code()).isEqualTo(2);
        assertThat(eval.err()).contains("has its own judge");
    }
}
