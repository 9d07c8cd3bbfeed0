/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class SaturationBenchTest {

    @TempDir
    private Path folder;

    @Test
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIsStarted() throws Exception {
        Path used = Files.createDirectories(folder.resolve("used"));
        Files.writeString(used.resolve("file"), "");

        assertRefused("is not empty", "--out", used.toString());
        assertRefused("--capacity, --k,", "--k", "0");
        assertRefused("--latency: latency 'slow' is none of", "--latency", "slow");
        assertRefused("an instant judge", "--latency", "fixed:0");
        assertRefused("--load is at least 0 and below 1", "--load", "1");
        assertRefused("with fewer nobody can fill the judge", "--capacity", "8", "--connections", "7");
        assertRefused("--response-chars is at least 16", "--response-chars", "5");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private void assertRefused(String words, String... options) {
        List<String> all = new ArrayList<>(List.of("bench", "saturation"));
        all.addAll(List.of(options));
        if (!all.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("new").toString()));
        }
        Cli run = Cli.run(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(words).doesNotContain("\tat ");
    }

    /** A minute: a broker, a registry and both roles, and three runs of a few seconds. */
    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void aSmallJudgeIsUsedByBothAndEverythingIsWrittenDown() throws Exception {
        // When
        String out = folder.resolve("run").toString();
        Cli run = Cli.run(
                "bench",
                "saturation",
                "--out",
                out,
                "--capacity",
                "4",
                "--latency",
                "fixed:100",
                "--k",
                "2",
                "--group-size",
                "2",
                "--rounds",
                "1",
                "--seconds",
                "4",
                "--warm-up",
                "3",
                "--load",
                "0.3");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("Of 4 places at the judge Kritik keeps", "| added |");
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("run/results.jsonl"))) {
            rows.add(new ObjectMapper().readTree(line));
        }
        assertThat(rows)
                .extracting(row -> row.path("bench").asText())
                .containsExactly("machine", "saturation", "saturation", "latency");
        assertThat(rows.subList(1, 3)).allSatisfy(row -> {
            assertThat(row.path("groups_not_ok").asInt()).isZero();
            // 4 places of 100 ms each bear 40 calls a second, and no more.
            assertThat(row.path("calls_per_second").asDouble()).isBetween(5.0, 41.0);
            assertThat(row.path("place_use").asDouble()).isBetween(0.1, 1.0);
        });
        assertThat(rows.get(3).at("/added_ms/p50").asDouble()).isPositive();
        assertThat(folder.resolve("run/local"))
                .as("the data of the installation")
                .doesNotExist();

        // When // Then
        Cli report =
                Cli.run("bench", "report", out, "--out", folder.resolve("docs").toString());
        assertThat(report.code()).as(report.err()).isZero();
        assertThat(folder.resolve("docs/README.md")).content().contains("| Kritik |", "run-stages.svg");
    }
}
