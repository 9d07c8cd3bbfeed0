/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class GrpoBenchTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path judged() throws Exception {
        return new Metrics()
                .start(0.30, 0.50)
                .step(60, 4)
                .evaluated(120, 6, 0.40, 0.55, 0) // mean reward 5
                .evaluated(60, 6, 0.50, 0.60, 0)
                .evaluated(60, 7, 0.60, 0.40, 1)
                .in(folder.resolve("judged"));
    }

    private Path gold() throws Exception {
        return new Metrics()
                .start(0.30, 0.50)
                .step(30, 0)
                .evaluated(30, 1, 0.60, 0.50, 0)
                .evaluated(30, 1, 0.70, 0.45, 0)
                .in(folder.resolve("gold"));
    }

    private static Cli bench(Path judged, Path gold, String... more) {
        String[] all = new String[6 + more.length];
        System.arraycopy(
                new String[] {"bench", "grpo", "--judged", judged.toString(), "--gold", gold.toString()}, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        return Cli.run(all);
    }

    @Test
    void saysWhatWasGainedAndHowMuchOfTheGainWithKnownAnswersTheJudgeReaches() throws Exception {
        // When
        Cli run = bench(judged(), gold());

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("| judge | sampled | 4 | 5.0 | 30.0 % | 60.0 % | 50.0 % (3) | +30.0 |")
                .contains("| known answers | sampled | 3 | 1.5 | 30.0 % | 70.0 % | 65.0 % (2) | +40.0 |")
                .contains("| judge | greedy | 4 | 5.0 | 50.0 % | 40.0 % | 51.7 % (3) | -10.0 |")
                // 0.2 of 0.4; 0.3 of 0.4; 0.2 of 0.35
                .contains("sampled: 50 % after step 3 of both; 75 % at the ends (step 4 with the judge, 3 with known"
                        + " answers); 57 % by the means")
                .contains("greedy: none to tell, for known answers gained nothing")
                // rewards 5, 6, 7 and right answers 0.4, 0.5, 0.6 lie on a line
                .contains("judge 1.00 (3 evaluations), known answers none to tell")
                .contains("1 of 3 evaluations with the judge, 0 of 2 with known answers");
    }

    @Test
    void theSameAsJsonForPrograms() throws Exception {
        // When
        Cli run = bench(judged(), gold(), "--json");

        // Then
        JsonNode[] lines = run.out().lines().map(GrpoBenchTest::parse).toArray(JsonNode[]::new);
        assertThat(lines).hasSize(3);
        assertThat(lines[0].at("/sampled/points_gained").doubleValue()).isCloseTo(30, within(1e-9));
        assertThat(lines[0].get("minutes").doubleValue()).isEqualTo(5);
        assertThat(lines[1].get("reward_correlation").isNull()).isTrue();
        assertThat(lines[2].get("same_step").intValue()).isEqualTo(3);
        assertThat(lines[2].at("/share_of_gold_gain/sampled/at_same_step").doubleValue())
                .isCloseTo(0.5, within(1e-9));
        assertThat(lines[2].at("/share_of_gold_gain/greedy/at_the_ends").isNull())
                .isTrue();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (Exception e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void aRunThatIsStillBeingWrittenIsReadAsFarAsItIsWhole() throws Exception {
        // Given
        Path running = new Metrics()
                .start(0.3, 0.5)
                .evaluated(60, 5, 0.4, 0.5, 0)
                .cutOff()
                .in(folder.resolve("running"));

        // When
        Cli run = bench(running, gold());

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("| judge | sampled | 1 | 1.0 | 30.0 % | 40.0 % | 40.0 % (1) | +10.0 |")
                // 0.1 of 0.4; 0.1 of 0.35
                .contains("sampled: 25 % at the ends (step 1 with the judge, 3 with known answers); 29 % by the means")
                .doesNotContain("of both");
    }

    @Test
    void theStandardErrorIsGivenWhereTheHeldOutQueriesAreStillThereAndOtherDifferencesAreWarnedOf() throws Exception {
        // Given
        Path queries = Files.writeString(folder.resolve("held-out.jsonl"), "{}\n".repeat(100));
        Path judged = judged();
        Path gold = gold();
        Files.writeString(
                judged.resolve("config.properties"),
                "run.eval=" + queries + "\ntrain.lr=0.1\ntrain.seed=1\ngrpo.job=a\n");
        Files.writeString(
                gold.resolve("config.properties"), "run.eval=elsewhere\ntrain.lr=0.2\ntrain.seed=1\ngrpo.job=b\n");

        // When
        Cli run = bench(judged, gold);

        // Then
        assertThat(run.out()).contains("30.0 % ± 4.6 | 60.0 % ± 4.9 |", "over 100 held-out queries");
        assertThat(run.err()).contains("differ not only in their rewards: train.lr (0.1 and 0.2)\n");
    }

    @Test
    void noShareIsToldOfAGainThatChanceExplains() throws Exception {
        // Given: 5 points, with a standard error of 7
        Path judged =
                new Metrics().start(0.3, 0.5).evaluated(60, 5, 0.2, 0.9, 0).in(folder.resolve("judged"));
        Path gold = new Metrics().start(0.3, 0.5).evaluated(60, 5, 0.35, 0.9, 0).in(folder.resolve("gold"));
        Path queries = Files.writeString(folder.resolve("held-out.jsonl"), "{}\n".repeat(100));
        Files.writeString(judged.resolve("config.properties"), "run.eval=" + queries);

        // When
        Cli run = bench(judged, gold);

        // Then
        assertThat(run.out())
                .contains("reach, sampled: none to tell, for known answers gained nothing, or no more than chance")
                .contains("reach, greedy: 100 % after step 1 of both");
    }

    @Test
    void whatIsMissingIsNamedWithTheFile() throws Exception {
        // Given
        Path noEvaluation = new Metrics().step(1, 1).in(folder.resolve("no-evaluation"));
        Path noStart = new Metrics().evaluated(1, 1, 0.3, 0.4, 0).in(folder.resolve("no-start"));
        Path onlyStart = new Metrics().start(0.3, 0.4).step(1, 1).in(folder.resolve("only-start"));
        Path noLine = new Metrics().cutOff().in(folder.resolve("no-line"));
        Path other = Files.createDirectories(folder.resolve("other"));
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(broken.resolve("metrics.jsonl"), "{\"step\":0}\nnothing\n");
        Path rft = Files.createDirectories(folder.resolve("rft"));
        Files.writeString(rft.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.5}\n");

        // When // Then
        assertRefused(noEvaluation, "no-evaluation/metrics.jsonl has no 'eval_gold' in any line", "--eval");
        assertRefused(noStart, "no-start/metrics.jsonl has no evaluation of the starting model (step 0)");
        assertRefused(onlyStart, "only-start/metrics.jsonl has only the evaluation of the starting model", "wait");
        assertRefused(noLine, "no-line/metrics.jsonl has no line yet");
        assertRefused(other, "other' has no metrics.jsonl", "--out");
        assertRefused(broken, "broken/metrics.jsonl, line 2 is no JSON");
        assertRefused(rft, "rft/metrics.jsonl, line 1: 'wall_seconds' is missing", "kritik train grpo");
    }

    private void assertRefused(Path judged, String... words) throws Exception {
        Cli run = bench(judged, gold());
        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(words).doesNotContain("not an expected error");
    }
}
