/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import dev.kritik.ops.BundledFixtures;
import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class DemoCommandTest {

    @Test
    void endsByItselfWithRewardsAndSaysThatNoModelJudged() {
        // When
        Cli demo = Cli.run("demo", "--recorded");

        // Then
        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("No model runs", "demo-injection  OK  k=4  samples 4/4 valid", "samples 3/4 valid")
                .contains("| Specific Criteria:", "| Scores: \\boxed{", "label: #0 is best; the rewards agree")
                .containsPattern("The first reward was there [0-9.]+ s after the start")
                .contains("7 groups ended, {OK=7}; 28 critiques, 1 without readable scores")
                .contains("agree with the label in 7 of 7 groups (100 %). Judged by: recorded texts, no model.");
    }

    @Test
    void aJudgeOfTheUsersIsRefusedRatherThanPassedOver() {
        Cli demo = Cli.run("demo", "--set", "judge.djl.model=my-judge");

        assertThat(demo.code()).isEqualTo(ExitCode.USAGE);
        assertThat(demo.err()).contains("leave out worker.judge, judge.djl.model");
    }

    @Test
    void aModelRunsOnlyWhereItAndPyTorchAre() {
        assertThat(DemoCommand.withoutModelBecause(true, true)).isEmpty();
        assertThat(DemoCommand.withoutModelBecause(true, false))
                .get()
                .asString()
                .contains("PyTorch");
        assertThat(DemoCommand.withoutModelBecause(false, true))
                .get()
                .asString()
                .contains("is not here");
    }

    /** Starts a second installation, for half a minute. The model is a random one: no text of it holds scores. */
    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void theModelThatComesWithKritikJudgesMicroTasks(@TempDir Path home) throws Exception {
        // Given
        TinyCheckpoints.assumeNatives();
        int groups = DemoData.microTasks("job").size();

        // When
        Cli demo = BundledFixtures.tiny(
                home, () -> Cli.run("demo", "--set", "judge.djl.max.tokens=24", "--set", "judge.djl.threads=1"));

        // Then
        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("kritik-nano judges: a working miniature", "as the judge wrote it", "nothing to compare")
                .contains(groups + " groups ended, {FAILED=" + groups + "}; " + 8 * groups + " critiques")
                .contains("Judged by: kritik-nano and kritik-nano-meta.");
    }
}
