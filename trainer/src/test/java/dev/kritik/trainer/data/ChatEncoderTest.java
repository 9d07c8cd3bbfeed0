/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.train.Sequence;
import dev.kritik.trainer.Tiny;

class ChatEncoderTest {

    private static final int END = 3;
    private static final List<ChatMessage> CHAT =
            List.of(new ChatMessage("user", "how much?"), new ChatMessage("assistant", "seven"));

    @TempDir
    private Path folder;

    @Test
    void whatIsLearntIsTheTurnAndItsEndAndNothingBehindThat() {
        Checkpoint checkpoint = Checkpoint.open(Tiny.model("llama"));
        try (ChatEncoder encoder = ChatEncoder.open(checkpoint);
                Tokenizer tokenizer = Tokenizer.open(checkpoint.tokenizerFile())) {
            // When
            Sequence turn = encoder.turn(CHAT).orElseThrow();

            // Then
            int[] prompt = Arrays.copyOf(turn.tokens(), turn.promptLength());
            int[] written = Arrays.copyOfRange(turn.tokens(), turn.promptLength(), turn.tokens().length);
            assertThat(prompt).isEqualTo(encoder.prompt(CHAT.subList(0, 1)));
            assertThat(tokenizer.decode(written, true)).isEqualTo("seven");
            assertThat(written).endsWith(END);
            // the template goes on with a line break, which no model writes
            assertThat(encoder.whole(CHAT)).startsWith(turn.tokens()).hasSizeGreaterThan(turn.tokens().length);
        }
    }

    @Test
    void aTemplateThatWritesTheLastTurnInAnotherWayLeavesTheExampleOut() throws IOException {
        // Given: an open turn begins with another word than a closed one
        Path model = withTemplate("{% for m in messages %}{{ m['content'] }}<|im_end|>{% endfor %}"
                + "{% if add_generation_prompt %}answer:{% endif %}");

        try (ChatEncoder encoder = ChatEncoder.open(Checkpoint.openWithoutWeights(model))) {
            assertThat(encoder.turn(CHAT)).isEmpty();
        }
    }

    @Test
    void aTemplateThatNeverEndsATurnIsAnError() throws IOException {
        // Given
        Path model = withTemplate("{% for m in messages %}{{ m['content'] }}\n{% endfor %}");

        try (ChatEncoder encoder = ChatEncoder.open(Checkpoint.openWithoutWeights(model))) {
            assertThatThrownBy(() -> encoder.turn(CHAT))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("never learn to stop");
        }
    }

    private Path withTemplate(String template) throws IOException {
        for (String file : List.of("config.json", "tokenizer.json", "generation_config.json")) {
            Files.copy(Tiny.model("llama").resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return folder;
    }
}
