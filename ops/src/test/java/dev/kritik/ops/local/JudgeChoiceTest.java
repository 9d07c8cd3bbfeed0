/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class JudgeChoiceTest {

    @Command(name = "test")
    private static final class Host {
        @Mixin
        private JudgeChoice choice;
    }

    @TempDir
    private Path folder;

    private static Map<String, String> over(Map<String, String> config, String... arguments) {
        Host host = new Host();
        new CommandLine(host).parseArgs(arguments);
        return host.choice.over(config);
    }

    @Test
    void withoutOptionsTheConfigurationStays() {
        Map<String, String> config = Map.of("worker.judge", "djl", "judge.djl.model", "org/name", "stream.k", "2");

        assertThat(over(config)).isEqualTo(config);
        assertThat(JudgeChoice.named(config)).isTrue();
        assertThat(JudgeChoice.named(Map.of("worker.judge", "djl", "judge.openai.url", "http://a/v1")))
                .isFalse();
        assertThat(JudgeChoice.named(Map.of())).isFalse();
    }

    @Test
    void optionsNameAModelServerAndAMetaRm() {
        assertThat(over(
                        Map.of(),
                        "--judge-url",
                        "http://a/v1",
                        "--model",
                        "m",
                        "--meta-url",
                        "http://b",
                        "--meta-model",
                        "n"))
                .isEqualTo(Map.of(
                        "judge.openai.url", "http://a/v1",
                        "judge.openai.model", "m",
                        "worker.meta", "vllm",
                        "meta.vllm.url", "http://b",
                        "meta.vllm.model", "n"));
    }

    @Test
    void optionsNameModelsInProcessAndTheirDevice() {
        assertThat(over(
                        Map.of(),
                        "--judge=djl",
                        "--model=org/judge",
                        "--meta=djl",
                        "--meta-model=org/meta",
                        "--device=cuda:1"))
                .isEqualTo(Map.of(
                        "worker.judge", "djl",
                        "judge.djl.model", "org/judge",
                        "judge.djl.device", "cuda:1",
                        "worker.meta", "djl",
                        "meta.djl.model", "org/meta",
                        "meta.djl.device", "cuda:1"));
    }

    @Test
    void aModelGoesToTheKindThatTheConfigurationNames() {
        assertThat(over(Map.of("worker.judge", "djl"), "--model=m")).containsEntry("judge.djl.model", "m");
        assertThat(over(Map.of("worker.judge", "djl"), "--judge=openai", "--url=u", "--model=m"))
                .containsEntry("judge.openai.model", "m")
                .containsEntry("worker.judge", "openai");
    }

    @Test
    void aModelThatComesWithKritikKeepsItsName() {
        assertThat(over(Map.of(), "--judge=djl", "--model=kritik-nano", "--meta=djl", "--meta-model=kritik-nano-meta"))
                .containsEntry("judge.djl.model", "kritik-nano")
                .containsEntry("meta.djl.model", "kritik-nano-meta");
    }

    @Test
    void aFolderIsMadeAbsoluteForTheWorkerHasAnotherWorkingDirectory() throws IOException {
        // Given
        Path here = Path.of("").toAbsolutePath();
        Path relative = here.relativize(Files.createDirectories(folder.resolve("model")));

        // When
        Map<String, String> config = over(Map.of(), "--judge=djl", "--model=" + relative);

        // Then
        assertThat(config)
                .containsEntry("judge.djl.model", folder.resolve("model").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--judge=djl --url=http://a/v1",
                "--meta=djl --meta-url=http://a",
                "--meta-model=m",
                "--device=cuda:0 --url=http://a/v1",
                "--judge=vllm --url=http://a/v1",
                "--meta=openai --meta-url=http://a",
            })
    void optionsThatContradictEachOtherAreRefused(String arguments) {
        assertThatThrownBy(() -> over(Map.of(), arguments.split(" "))).isInstanceOf(ParameterException.class);
    }

    @Test
    void aKindThatIsNotThereIsAnsweredWithThoseThatAre() {
        assertThatThrownBy(() -> over(Map.of(), "--judge=vllm"))
                .hasMessageContaining("--judge is 'vllm'")
                .hasMessageContaining("openai")
                .hasMessageContaining("djl");
        assertThatThrownBy(() -> over(Map.of(), "--meta=openai"))
                .hasMessageContaining("--meta is 'openai'")
                .hasMessageContaining("none")
                .hasMessageContaining("vllm");
    }
}
