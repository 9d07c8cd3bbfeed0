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
import java.util.List;

import dev.kritik.schema.Message;

class QuestionTest {

    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("queries.jsonl"), List.of(lines));
    }

    @Test
    void aPromptOrAConversationWithOrWithoutANameAndAnswers() throws IOException {
        // Given
        Path file = file(
                "{\"prompt\":\"2+2?\",\"answers\":[\"4\",\"four\"],\"level\":3}",
                "{\"id\":17,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"}]}");

        // Then
        assertThat(Question.read(file))
                .containsExactly(
                        new Question(file + ", line 1", List.of(new Message("user", "2+2?")), List.of("4", "four")),
                        new Question(
                                "17",
                                List.of(new Message("system", "Be brief."), new Message("user", "Hi")),
                                List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"text\":\"a\"};messages",
                "{\"prompt\":7};prompt",
                "{\"messages\":[]};messages",
                "{\"messages\":[{\"role\":\"user\"}]};content",
                "{\"prompt\":\"a\",\"answers\":\"b\"};answers",
                "{\"prompt\":\"a\",\"answers\":[1]};answers[0]",
                "[];JSON object"
            })
    void whatIsWrongIsNamedWithItsLine(String line, String named) throws IOException {
        Path file = file("{\"prompt\":\"a\"}", line);
        assertThatThrownBy(() -> Question.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("queries.jsonl, line 2")
                .hasMessageContaining(named);
    }

    @Test
    void aFileWithoutAQueryIsRefused() throws IOException {
        Path file = file("", "  ");
        assertThatThrownBy(() -> Question.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds no query");
    }

    @Test
    void anAnswerIsRightHoweverMuchWhiteSpaceThereIsButNotWithOtherWords() {
        Question question = new Question("a", List.of(), List.of("a b", "42"));
        assertThat(question.isRight("a b")).isTrue();
        assertThat(question.isRight(" a \n\t b ")).isTrue();
        assertThat(question.isRight("42")).isTrue();
        assertThat(question.isRight("ab")).isFalse();
        assertThat(question.isRight("a b.")).isFalse();
        assertThat(question.isRight("A b")).isFalse();
        assertThat(question.isRight("")).isFalse();
        assertThat(new Question("a", List.of(), List.of()).isRight("")).isFalse();
    }
}
