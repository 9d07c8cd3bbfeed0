/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik generate} on a tiny checkpoint with random weights. */
class GenerateCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static Cli generate(String... more) {
        TinyCheckpoints.assumeNatives();
        List<String> arguments = new ArrayList<>(List.of(
                "generate",
                "--model",
                TinyCheckpoints.folder("llama").toString(),
                "--threads",
                "1",
                "--max-tokens",
                "20"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void writesATextAndSaysHowFastAndTheSeedGivesItAgain() {
        // When
        Cli first = generate("--prompt", "Hello", "--temperature", "1", "--seed", "5");
        Cli again = generate("--prompt", "Hello", "--temperature", "1", "--seed", "5");

        // Then
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).endsWith("\n");
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(first.err()).contains("loading ", "tokens/s", "first text after", "seed 5");
    }

    @Test
    void jsonHasEachSampleAndASummaryThatAddsUp() throws Exception {
        // When
        Cli run = generate("--prompt", "Hello", "--temperature", "1", "--seed", "5", "--n", "3", "--json");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(4);
        long tokens = 0;
        for (String line : lines.subList(0, 3)) {
            JsonNode sample = JSON.readTree(line);
            assertThat(sample.get("seed").asLong())
                    .isEqualTo(5 + sample.get("sample").asLong());
            assertThat(sample.get("log_prob").asDouble()).isNegative();
            tokens += sample.get("tokens").asLong();
        }
        JsonNode summary = JSON.readTree(lines.getLast()).get("summary");
        assertThat(summary.get("samples").asInt()).isEqualTo(3);
        assertThat(summary.get("tokens").asLong()).isEqualTo(tokens);
        assertThat(summary.get("tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void aFileWithATemplateAroundItIsLongerThanTheSameTextRaw() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("prompt.txt"), "Größe?");

        // When
        Cli chat = generate("--file", file.toString(), "--system", "Short.", "--json");
        Cli raw = generate("--file", file.toString(), "--raw", "--json");

        // Then
        assertThat(promptTokens(chat)).isGreaterThan(promptTokens(raw));
        assertThat(promptTokens(raw)).isPositive();
    }

    private static int promptTokens(Cli run) throws Exception {
        assertThat(run.code()).as(run.err()).isZero();
        return JSON.readTree(run.out().lines().toList().getFirst())
                .get("prompt_tokens")
                .asInt();
    }

    @Test
    void aPromptThatIsTooLongIsAnErrorWithTheNumbers() {
        Cli run = generate("--prompt", "x y ".repeat(1000));

        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("there is room for 511").doesNotContain("\tat ", "not an expected error");
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        Cli run = Cli.run("generate", "--model", folder.resolve("none").toString(), "--prompt", "Hello");

        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("the model '", "none").doesNotContain("\tat ", "not an expected error");
    }

    @Test
    void optionsOutOfTheirLimitsAreNamedBeforeAModelIsLoaded() throws Exception {
        Path notText = Files.write(folder.resolve("bytes"), "Größe".getBytes(StandardCharsets.ISO_8859_1));
        Path empty = Files.createFile(folder.resolve("empty"));
        List<Refused> wrong = List.of(
                new Refused(ExitCode.USAGE, "top-p is 2.0", "--prompt", "a", "--top-p", "2"),
                new Refused(ExitCode.USAGE, "--n is 0", "--prompt", "a", "--n", "0"),
                new Refused(ExitCode.USAGE, "--max-tokens is 0", "--prompt", "a", "--max-tokens", "0"),
                new Refused(ExitCode.USAGE, "device is 'gpu'", "--prompt", "a", "--device", "gpu"),
                new Refused(ExitCode.USAGE, "--raw has no turns", "--prompt", "a", "--raw", "--system=b"),
                new Refused(ExitCode.USAGE, "mutually exclusive", "--prompt", "a", "--file", "b"),
                new Refused(ExitCode.USAGE, "--prompt is empty", "--prompt", ""),
                new Refused(ExitCode.FAILURE, "the prompt is empty", "--file", empty.toString()),
                new Refused(ExitCode.FAILURE, "is no UTF-8", "--file", notText.toString()),
                new Refused(
                        ExitCode.FAILURE,
                        "there is no file",
                        "--file",
                        folder.resolve("no").toString()));
        for (Refused refused : wrong) {
            List<String> arguments = new ArrayList<>(List.of("generate", "--model", "none"));
            arguments.addAll(refused.arguments);
            Cli run = Cli.run(arguments.toArray(String[]::new));
            assertThat(run.code()).as(refused.words).isEqualTo(refused.code);
            assertThat(run.err()).contains(refused.words).doesNotContain("loading", "\tat ", "not an expected error");
        }
    }

    private record Refused(int code, String words, List<String> arguments) {
        Refused(int code, String words, String... arguments) {
            this(code, words, List.of(arguments));
        }
    }
}
