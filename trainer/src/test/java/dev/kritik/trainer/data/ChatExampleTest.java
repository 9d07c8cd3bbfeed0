/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ChatExampleTest {

    private static final String GOOD =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]}";

    @TempDir
    private Path folder;

    @Test
    void readsConversationsLabelsAndHints() throws IOException {
        // Given
        Path file =
                file(GOOD + "\n\n" + GOOD.replace("}]}", "}],\"label\":1,\"provenance\":{\"hinted\":true,\"x\":1}}"));

        // When
        List<ChatExample> examples = new ArrayList<>();
        ChatExample.read(file, examples::add);

        // Then
        assertThat(examples).hasSize(2);
        assertThat(examples.get(0).label()).isEmpty();
        assertThat(examples.get(0).hinted()).isFalse();
        assertThat(examples.get(0).prompt()).extracting("content").containsExactly("q");
        assertThat(examples.get(1).label()).hasValue(1);
        assertThat(examples.get(1).hinted()).isTrue();
        assertThat(examples.get(1).place()).endsWith("data.jsonl, line 3");
    }

    @Test
    void samplesOfOneQueryAreKnownByJobAndGroupAlsoWhenItWasSampledAgain() throws IOException {
        // Given
        String from = "}],\"provenance\":{\"job\":\"%s\",\"group\":\"g\"}}";
        Path file =
                file(GOOD.replace("}]}", from.formatted("run")) + "\n" + GOOD.replace("}]}", from.formatted("run.rft"))
                        + "\n" + GOOD.replace("}]}", from.formatted("other")) + "\n" + GOOD);

        // When
        List<ChatExample> examples = new ArrayList<>();
        ChatExample.read(file, examples::add);

        // Then
        assertThat(examples.get(1).query())
                .isPresent()
                .isEqualTo(examples.get(0).query());
        assertThat(examples.get(2).query())
                .isPresent()
                .isNotEqualTo(examples.get(0).query());
        assertThat(examples.get(3).query()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ | no JSON",
                "[1] | no JSON object",
                "{} {} | no JSON",
                "{\"messages\":1} | 'messages' is no list",
                "{\"text\":\"a\"} | 'messages' is missing",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]} | needs a prompt and a turn of the assistant",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"user\",\"content\":\"a\"}]}"
                        + " | the last turn is the user's",
                "{\"messages\":[{\"role\":\"human\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}]}"
                        + " | in 'messages[0]': unknown role 'human'",
                "{\"messages\":[{\"role\":\"user\"},{\"role\":\"assistant\",\"content\":\"a\"}]}"
                        + " | in 'messages[0]': 'content' is missing",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"\"}]}"
                        + " | the turn of the assistant is empty",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}],"
                        + "\"label\":0.5} | 'label' is 0.5: 0 or 1"
            })
    void namesFileLineAndFaultOfABadLine(String line, String problem) throws IOException {
        // Given
        Path file = file(GOOD + "\n" + line + "\n");

        // Then
        assertThatThrownBy(() -> ChatExample.read(file, example -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.jsonl, line 2: ")
                .hasMessageContaining(problem);
    }

    @Test
    void namesAFileThatIsMissingOrIsNoText() throws IOException {
        // Given
        Path binary = folder.resolve("binary.jsonl");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 10});

        // Then
        assertThatThrownBy(() -> ChatExample.read(folder.resolve("none.jsonl"), example -> {}))
                .hasMessageContaining("there is no file")
                .hasMessageContaining("none.jsonl");
        assertThatThrownBy(() -> ChatExample.read(binary, example -> {})).hasMessageContaining("no UTF-8");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.jsonl"), text);
    }
}
