/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik bench generate} on a tiny checkpoint with random weights. */
class GenerateBenchTest {

    private static Cli bench(String model, String... more) {
        List<String> arguments = new ArrayList<>(List.of("bench", "generate", "--model", model));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private static String tiny(String name) {
        TinyCheckpoints.assumeNatives();
        return TinyCheckpoints.folder(name).toString();
    }

    @Test
    void aLineOfJsonForEachKSaysHowFast() throws Exception {
        // When
        Cli run = bench(
                tiny("llama"),
                "--json",
                "--k=1,3",
                "--prompt-tokens=5",
                "--new-tokens=4",
                "--threads=1",
                "--repeats=1");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode last = new ObjectMapper().readTree(lines.getLast());
        assertThat(last.get("k").asInt()).isEqualTo(3);
        assertThat(last.get("model").asText()).isEqualTo("llama");
        assertThat(last.get("tokens_per_s").asDouble()).isPositive();
    }

    @Test
    void moreTokensThanTheContextHoldsAreRefusedWithTheNumbers() {
        Cli run = bench(tiny("llama"), "--prompt-tokens", "500", "--new-tokens", "13", "--threads", "1");

        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("holds 512 tokens", "500 + 13").doesNotContain("not an expected error");
    }

    @Test
    void aModelThatOnlyScoresIsRefused() {
        Cli run = bench(tiny("llama-score"), "--threads", "1");

        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("scores texts").doesNotContain("not an expected error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prompt-tokens=0 | 2 | --prompt-tokens is 0",
                "--new-tokens=-1 | 2 | --new-tokens is -1",
                "--repeats=0 | 2 | --repeats is 0",
                "--k=1,0 | 2 | --k has 0",
                "--k=5000 | 2 | --k has 5000",
                "--k= | 2 | --k",
                "--threads=0 | 2 | --threads is 0",
                "--device=gpu | 2 | --device is 'gpu'",
                "--precision=int8 | 2 | --precision",
                "--k=1 | 1 | the model '/none' can't be used"
            })
    void badInputIsNamed(String option, int code, String words) {
        Cli run = bench("/none", option);

        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.err()).contains(words).doesNotContain("\tat ", "not an expected error");
    }
}
