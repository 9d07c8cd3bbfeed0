/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.worker.prompt.PromptVersion;

class JudgeFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        for (PromptVersion version : PromptVersion.values()) {
            JudgeFile.write(folder, version);

            assertThat(JudgeFile.prompt(folder)).contains(version);
        }
    }

    @Test
    void saysNothingWhereThereIsNoFileOrNoPromptInIt() throws IOException {
        assertThat(JudgeFile.prompt(folder)).isEmpty();

        Files.writeString(folder.resolve("kritik.json"), "{}");

        assertThat(JudgeFile.prompt(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"prompt\": \"haiku-v7\"}  | there is no prompt 'haiku-v7'; there are critique-v1, brief-v1",
                "{\"promt\": \"brief-v1\"}   | unknown field 'promt'; known is prompt",
                "{\"prompt\": 1}              | prompt is 1",
                "{\"prompt\": null}           | prompt is null",
                "\"brief-v1\"                 | no JSON object",
                "{\"prompt\": \"brief-v1\"   | is not JSON",
            })
    void whatItDoesNotKnowIsRefusedWithTheFileNamed(String json, String why) throws IOException {
        Files.writeString(folder.resolve("kritik.json"), json.strip());

        assertThatThrownBy(() -> JudgeFile.prompt(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(folder.resolve("kritik.json").toString())
                .hasMessageContaining(why.strip());
    }
}
