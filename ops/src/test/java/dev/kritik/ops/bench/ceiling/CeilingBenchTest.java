/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;

class CeilingBenchTest {

    @TempDir
    private Path folder;

    @Test
    void figuresFollowFromWhatWasCounted() {
        // Given: groups of 20 in panels of 8: three critiques a sample
        CeilingCase of = new CeilingCase("k", Mode.STAND_IN, 4, 20, 8, 100, 0, 500, true);
        CeilingResult result = new CeilingResult(
                1,
                of,
                0,
                10,
                Map.of("stream", 8.0, "broker", 3.0),
                Map.of("rollouts", 720_000L),
                5,
                6,
                Optional.of(new CeilingResult.Pass(19_200, 1.2, 3)));

        // When // Then
        assertThat(of.samplesPerGroup()).isEqualTo(12);
        assertThat(of.records()).isEqualTo(500 * 32);
        assertThat(result.groupsPerSecond()).isEqualTo(50);
        assertThat(result.samplesPerSecond()).isEqualTo(600);
        assertThat(result.recordsPerSecond()).isEqualTo(1600);
        assertThat(result.ofPass().orElseThrow()).isCloseTo(0.1, within(1e-9));
        assertThat(result.cpuOfPass().orElseThrow())
                .as("8 s for 16000 records against 3 s for 19200")
                .isCloseTo(0.3125, within(1e-9));
        assertThat(result.cpuMsPerSample().get("stream")).isCloseTo(8000.0 / 6000, within(1e-9));
        assertThat(result.bytesPerSample().get("rollouts"))
                .as("over warm-up and measured groups")
                .isCloseTo(720_000.0 / (1000 * 12), within(1e-9));
        assertThat(result.object())
                .containsEntry("mode", "stand-in")
                .containsEntry("of_pass_through", result.ofPass().get());
    }

    @Test
    void theStandInAnswersAsAWorkerWould() {
        // Given
        SampleSpec sample = SampleSpec.newBuilder()
                .setSample(3)
                .setSeed(17)
                .setOrder(List.of(1, 0))
                .build();
        CritiqueRequest request = CritiqueRequest.newBuilder()
                .setRequestId("job/g/0/0/3")
                .setJobId("job")
                .setGroupId("g")
                .setGroupAttempt(0)
                .setPartition(1)
                .setPanel(0)
                .setMessages(List.of())
                .setResponses(List.of(new PanelResponse(0, "a"), new PanelResponse(1, "b")))
                .setSamples(List.of(sample))
                .setDeadlineMs(1)
                .setCreatedMs(1)
                .build();

        // When
        Critique critique = StandIn.critique(request, sample, "text");

        // Then
        assertThat(critique.getSample()).isEqualTo(3);
        assertThat(critique.getRawText()).isEqualTo("text");
        assertThat(critique.getScores()).extracting(MemberScore::getIndex).containsExactly(1, 0);
        assertThat(critique.getScores()).extracting(MemberScore::getScore).allMatch(score -> score >= 1 && score <= 10);
    }

    @Test
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIsStarted() throws Exception {
        Path used = Files.createDirectories(folder.resolve("used"));
        Files.writeString(used.resolve("file"), "");

        assertRefused("is not empty", "--out", used.toString());
        assertRefused(
                "--series: there is no 'length', only [k, group-size, response-chars, open-groups]",
                "--series",
                "length");
        assertRefused("--modes: there is no 'none', only [stand-in, classic, share]", "--modes", "none");
        assertRefused("--lengths are at least 16", "--lengths", "100,3");
        assertRefused("--open-groups are at least 1", "--open-groups", "0");
        assertRefused("--records, --rounds", "--rounds", "0");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private void assertRefused(String words, String... options) {
        List<String> all = new ArrayList<>(List.of("bench", "ceiling"));
        all.addAll(List.of(options));
        if (!all.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("new").toString()));
        }
        Cli run = Cli.run(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(words).doesNotContain("\tat ");
    }

    /** A minute and a half: a broker, a registry, and for each mode the roles. */
    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void allModesJudgeAllGroups() throws Exception {
        // When
        Cli run = Cli.run(
                "bench",
                "ceiling",
                "--json",
                "--out",
                folder.resolve("run").toString(),
                "--series",
                "k,open-groups",
                "--k",
                "2",
                "--records",
                "2000",
                "--rounds",
                "1",
                "--open-groups",
                "50");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().filter(line -> line.contains("\"bench\":\"ceiling\"")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("\"groups_not_ok\":0"))
                .anySatisfy(line -> assertThat(line).contains("\"of_pass_through\":", "\"mode\":\"stand-in\""))
                .anySatisfy(line -> assertThat(line).contains("\"open_groups\":50"));
    }
}
