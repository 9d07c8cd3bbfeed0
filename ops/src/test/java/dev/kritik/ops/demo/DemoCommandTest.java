/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.kritik.ops.cli.Cli;

class DemoCommandTest {

    @Test
    void endsByItselfWithRewardsAndSaysThatNoModelJudged() {
        // When
        Cli demo = Cli.run("demo");

        // Then
        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("No model runs", "demo-injection  OK  k=4  samples 4/4 valid", "samples 3/4 valid")
                .contains("| Specific Criteria:", "| Scores: \\boxed{")
                .contains("7 groups ended, {OK=7}; 28 critiques, 1 without readable scores")
                .contains("7 of 7 groups. Judged by: recorded texts, no model.");
    }
}
