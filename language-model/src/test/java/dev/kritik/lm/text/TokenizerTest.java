/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.kritik.lm.checkpoint.CheckpointException;

class TokenizerTest {

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel", "llama2", "gemma", "unigram"})
    void encodesAndDecodesAsHuggingFaceDoes(String name) {
        // Given
        JsonNode expected = Fixtures.json("encodings.json").get(name);

        // When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer(name)) {
            assertThat(expected.size()).isGreaterThan(10);
            for (JsonNode one : expected) {
                String text = one.get("text").asText();
                int[] ids = Fixtures.ints(one.get("plain"));
                assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
                assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(Fixtures.ints(one.get("special")));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(one.get("decoded").asText());
                assertThat(tokenizer.decode(ids, true))
                        .isEqualTo(one.get("decodedSkipping").asText());
            }
        }
    }

    @Test
    void aTextOfAHundredThousandCharactersIsNotCut() {
        // Given
        String text = "Судья: the judge 👩‍⚖️ reads.\n".repeat(4_000);

        // When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            int[] tokens = tokenizer.encode(text, false);
            assertThat(text.length()).isGreaterThan(100_000);
            assertThat(tokenizer.decode(tokens, false)).isEqualTo(text);
        }
    }

    @Test
    void aFileThatAsksForTruncationAndPaddingGetsNeither(@TempDir Path dir) throws IOException {
        // Given
        String cutting = Files.readString(Fixtures.path("tokenizer-bytelevel.json"))
                .replace("\"truncation\":null,\"padding\":null", """
                        "truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0},\
                        "padding":{"strategy":{"Fixed":32},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,\
                        "pad_type_id":0,"pad_token":"!"}\
                        """);
        Path file = Files.writeString(dir.resolve("tokenizer.json"), cutting);

        // When, Then
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            assertThat(cutting).contains("LongestFirst");
            for (String text : List.of("a", "The judge reads the question, and then weighs each answer.")) {
                assertThat(tokenizer.decode(tokenizer.encode(text, false), false))
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void halvesOfSurrogatePairsAreReadAsTheReplacementCharacter() {
        // Given
        String broken = "a\uD83Db\uDE00c\uD83D";

        // When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            assertThat(tokenizer.decode(tokenizer.encode(broken, false), false)).isEqualTo("a\uFFFDb\uFFFDc\uFFFD");
        }
    }

    @Test
    void tokensThatThereAreNotAreLeftOut() {
        // Given, When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            int[] tokens = tokenizer.encode("yes", false);
            int[] more = new int[tokens.length + 3];
            System.arraycopy(tokens, 0, more, 1, tokens.length);
            more[0] = -1;
            more[more.length - 2] = tokenizer.vocabSize();
            more[more.length - 1] = Integer.MAX_VALUE;
            assertThat(tokenizer.decode(more, true)).isEqualTo("yes");
        }
    }

    @Test
    void theVocabularyEndsBehindTheLastAddedToken() {
        // Given, When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            int last = tokenizer.addedTokens().getLast().id();
            assertThat(tokenizer.vocabSize()).isEqualTo(last + 1);
            assertThat(tokenizer.decode(new int[] {last}, false)).isEqualTo("</think>");
        }
    }

    @Test
    void manyThreadsMayUseItAtOnceAndClosingIsSafe() throws Exception {
        // Given
        String text = "The judge reads the question, and then weighs each answer.";
        Tokenizer tokenizer = Fixtures.tokenizer("llama2");
        int[] expected = tokenizer.encode(text, true);

        // When
        List<Future<Integer>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> {
                    int calls = 0;
                    try {
                        while (calls < 1_000_000) {
                            assertThat(tokenizer.encode(text, true)).isEqualTo(expected);
                            assertThat(tokenizer.decode(expected, true)).isEqualTo(text);
                            calls++;
                            if (calls == 200) {
                                tokenizer.close();
                            }
                        }
                    } catch (IllegalStateException closed) {
                        assertThat(closed).hasMessageContaining("closed");
                    }
                    return calls;
                }));
            }
        }

        // Then
        int most = 0;
        for (Future<Integer> result : results) {
            most = Math.max(most, result.get());
        }
        assertThat(most).isEqualTo(200);
        tokenizer.close();
    }

    @Test
    void anUnreadableFileIsAnErrorThatNamesIt(@TempDir Path dir) throws IOException {
        // Given
        Path missing = dir.resolve("tokenizer.json");
        Path text = Files.writeString(dir.resolve("text.json"), "hello");
        Path empty = Files.writeString(dir.resolve("empty.json"), "{}");
        Path wrong = Files.writeString(
                dir.resolve("wrong.json"),
                "{\"model\":{\"type\":\"Unheard\",\"vocab\":{\"a\":0}},\"added_tokens\":[]}");

        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(missing))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("tokenizer.model");
        for (Path bad : List.of(text, empty, wrong)) {
            assertThatThrownBy(() -> Tokenizer.open(bad))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(bad.toString());
        }
    }
}
