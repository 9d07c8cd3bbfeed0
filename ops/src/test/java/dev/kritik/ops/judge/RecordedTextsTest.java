/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;

import dev.kritik.ops.judge.Recording.Logit;
import dev.kritik.ops.judge.Recording.Question;
import dev.kritik.ops.judge.Recording.Refusal;
import dev.kritik.ops.judge.Recording.Text;

class RecordedTextsTest {

    private static final String LINE = """
            {"query_id":"q","match":"capital of France","responses":["Paris it is","Lyon","Paris it is"],"texts":[            {"text":"Response {{r1}} is wrong, {{r0}} right, {{r2}} too. Scores: {{scores}}","scores":[9,2,9],"meta_logit":1.5},            "I can't say."]}
            """;

    private static RecordedTexts texts(String lines) throws IOException {
        return RecordedTexts.read("test", new BufferedReader(new StringReader(lines)));
    }

    private static String text(Question question) throws IOException {
        return ((Text) texts(LINE).critique(question)).text();
    }

    @Test
    void namesAndScoresTheResponsesAsTheyAreShown() throws IOException {
        assertThat(text(new Question("m", "... 1: Paris it is 2: Lyon", new SampleId("q", 0), 0)))
                .isEqualTo("Response 2 is wrong, 1 right, (not shown) too. Scores: \\boxed{9, 2}");
        assertThat(text(new Question("m", "... 1: Lyon 2: Paris it is", new SampleId("q", 0), 0)))
                .isEqualTo("Response 1 is wrong, 2 right, (not shown) too. Scores: \\boxed{2, 9}");
    }

    @Test
    void findsTheTextByGroupOrMarkOrWordsOfThePrompt() throws IOException {
        assertThat(text(new Question("m", "?", new SampleId("q", 1), 0))).isEqualTo("I can't say.");
        assertThat(text(new Question("m", "[recorded q #0]", null, 1))).isEqualTo("I can't say.");
        assertThat(text(new Question("m", "the capital of France?", null, 1))).isEqualTo("I can't say.");
        assertThat(texts(LINE).critique(new Question("m", "?", null, 1))).isInstanceOf(Refusal.class);
    }

    @Test
    void givesTheRecordedLogitOfTheSample() throws IOException {
        assertThat(texts(LINE).logit(new Question("m", "?", new SampleId("q", 0), 0)))
                .isEqualTo(new Logit(1.5));
        assertThat(texts(LINE).logit(new Question("m", "?", new SampleId("q", 1), 0)))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aBadLineIsNamed() {
        assertThatThrownBy(() -> texts(LINE + "{\"texts\":[\"a\"]}"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("query_id");
        assertThatThrownBy(() ->
                        texts("{\"match\":\"a\",\"responses\":[\"r\"],\"texts\":[{\"text\":\"\",\"scores\":[1,2]}]}"))
                .hasMessageContaining("2 scores for 1 responses");
    }
}
