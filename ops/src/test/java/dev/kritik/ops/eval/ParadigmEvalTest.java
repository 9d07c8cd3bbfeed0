/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik eval --paradigm} on tiny models with random weights: their opinions mean nothing, their numbers are real. */
class ParadigmEvalTest {

    @TempDir
    private Path folder;

    private Path queries;

    @BeforeEach
    void write() throws IOException {
        queries = Files.writeString(folder.resolve("queries.jsonl"), """
                {"group_id":"a","messages":[{"role":"user","content":"2+2?"}],"responses":["4","5"],"best":0}
                {"group_id":"b","messages":[{"role":"user","content":"2+2?"}],"responses":["5","4"],"best":0}
                {"group_id":"c","domain":"sums","messages":[{"role":"user","content":"3+3?"}],"responses":["6","7","6"],"best":2}
                {"group_id":"d","messages":[{"role":"user","content":"3+3?"}],"responses":["6"]}
                """);
    }

    private Cli eval(String paradigm, String... more) {
        List<String> all = new ArrayList<>(List.of("eval", "--data", queries.toString(), "--paradigm", paradigm));
        all.addAll(List.of("--set", "judge.djl.threads=1", "--set", "judge.djl.max.tokens=12"));
        all.addAll(List.of(more));
        return Cli.run(all.toArray(String[]::new));
    }

    private static JsonNode report(Cli eval) throws IOException {
        assertThat(eval.code()).as(eval.err()).isZero();
        return new ObjectMapper().readTree(eval.out());
    }

    private static String model(String name) {
        TinyCheckpoints.assumeNatives();
        return TinyCheckpoints.folder(name).toString();
    }

    @Test
    void scalarGivesANumberForEachResponse() throws IOException {
        // When
        JsonNode report = report(eval("scalar", "--model", model("llama-score"), "--json"));

        // Then: of the same two responses one is the higher, and it is the best in one of the first two queries
        assertThat(report.get("paradigm").asText()).isEqualTo("scalar");
        assertThat(report.get("queries").asInt()).isEqualTo(4);
        assertThat(report.get("counted").asInt()).isEqualTo(3);
        assertThat(report.get("tied_top").asInt()).isZero();
        assertThat(report.get("correct").asInt()
                        - report.at("/domains/sums/correct").asInt())
                .isEqualTo(1);
        assertThat(report.get("samples_used").asInt())
                .as("equal responses once")
                .isEqualTo(7);
        assertThat(report.get("samples_per_response").asDouble()).isEqualTo(1.0);
        assertThat(report.get("invalid_samples").asInt()).isZero();
        assertThat(report.get("prompt_tokens").asInt()).isPositive();
        assertThat(report.get("completion_tokens").asInt()).isZero();
        assertThat(report.get("seconds").asDouble()).isPositive();
    }

    @Test
    void semiScalarWritesKCritiquesOfEachResponseAndSaysWhichCouldNotBeUsed() throws IOException {
        // When
        Cli eval = eval(
                "semi-scalar",
                "--model",
                model("llama"),
                "--score-model",
                model("llama-score"),
                "--k",
                "2",
                "--json",
                "--set",
                "judge.djl.temperature=2");
        JsonNode report = report(eval);

        // Then: a random model seldom ends by itself
        assertThat(report.get("samples_used").asInt()).isEqualTo(14);
        assertThat(report.get("samples_per_response").asDouble()).isEqualTo(2.0);
        int invalid = report.get("invalid_samples").asInt();
        assertThat(report.at("/invalid_reasons/TRUNCATED").asInt()
                        + report.at("/invalid_reasons/EMPTY").asInt())
                .isEqualTo(invalid);
        assertThat(invalid).isPositive();
        assertThat(report.get("counted").asInt() + report.get("skipped").asInt())
                .isEqualTo(3);
        assertThat(report.get("completion_tokens").asInt()).isBetween(14, 14 * 12);
    }

    @Test
    void pairwiseComparesAllPairsInBothOrders() throws IOException {
        // When
        Cli eval = eval("pairwise", "--model", model("qwen3"), "--k", "3");

        // Then: three pairs of different responses, two orders, three texts
        assertThat(eval.code()).as(eval.err()).isZero();
        assertThat(eval.out())
                .contains("18 samples for 7 responses", "18 without scores")
                .contains("samples without a result, by reason: {");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scalar | --url http://a/v1 --model m | --url names a model server",
                "scalar | --judge openai --model m | leave out --judge",
                "scalar | --k 2 | needs --model",
                "semi-scalar | --model m | needs --score-model",
                "pairwise | --model m --score-model n | leave out --score-model",
                "pairwise | --model m --meta djl --meta-model n | leave out --meta",
                "pairwise | --model m --panel-size 1 | leave out --recorded",
                "pairwise | --model m --bootstrap h:1 | leave out --recorded",
                "generative | --score-model n | is for --paradigm semi-scalar",
                "haiku | --model m | expected one of",
            })
    void optionsThatDoNotFitAreRefusedBeforeAnythingIsLoaded(String paradigm, String options, String why) {
        Cli eval = eval(paradigm, options.split(" "));

        assertThat(eval.code()).isEqualTo(ExitCode.USAGE);
        assertThat(eval.err().replaceAll("\\s+", " ")).contains(why);
    }

    @Test
    void aModelOfTheWrongKindIsSaid() {
        Cli eval = eval("scalar", "--model", model("llama"));

        assertThat(eval.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(eval.err()).contains("has no scalar head");
    }
}
