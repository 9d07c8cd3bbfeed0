/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.rollouts.Defaults;

class EvalDataTest {

    @Test
    void aLineThatTellsTheJudgeTheAnswerIsNoMeasurement() {
        String line =
                "{\"query_id\":\"q\",\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],\"responses\":[\"a\",\"b\"],\"best\":1,\"hint\":1}";

        assertThatThrownBy(() -> EvalData.stream(
                        "queries",
                        new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)),
                        new Defaults("job", 1, null, null, null),
                        9))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("line 1: 'hint' tells the judge the answer");
    }
}
