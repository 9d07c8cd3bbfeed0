/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.kritik.ops.judge.Recording.Question;
import dev.kritik.ops.judge.Recording.Refusal;
import dev.kritik.ops.judge.Recording.Text;

class RecordedVotesTest {

    private static final String LINE = """
            {"query_id":"q-1","subset":"Math","n_responses":3,"best":1,            "votes":{"m|base|t1.0":[[1,2],[3,null],[5,6]]},"tokens":{"m|base|t1.0":[601,60]}}
            """;

    @TempDir
    private Path folder;

    private RecordedVotes votes() throws IOException {
        return new RecordedVotes(Votes.read(Files.writeString(folder.resolve("votes.jsonl"), LINE)));
    }

    private static Question ask(String prompt, int sample) {
        return new Question("m|base|t1.0", prompt, new SampleId("q-1", sample), 0);
    }

    @Test
    void answersWithTheVotesOfTheShownResponsesInTheShownOrder() throws IOException {
        // When
        var answer = votes().critique(ask("... [recorded q-1 #2] ... [recorded q-1 #0] ...", 1));

        // Then
        assertThat(answer).isInstanceOf(Text.class);
        assertThat(((Text) answer).text()).contains("recorded vote").endsWith("Scores: \\boxed{6, 2}");
    }

    @Test
    void sharesTheRecordedTokensAmongTheCallsSoThatTheyAddUp() throws IOException {
        long prompt = 0;
        long written = 0;
        for (int response : new int[] {0, 2}) {
            for (int sample = 0; sample < 2; sample++) {
                Text text = (Text) votes().critique(ask(new RecordedTag("q-1", response).text(), sample));
                prompt += text.promptTokens();
                written += text.completionTokens();
            }
        }
        Text valid = (Text) votes().critique(ask("[recorded q-1 #1]", 0));

        // The sixth call failed, and its share is missing.
        assertThat(prompt + valid.promptTokens()).isBetween(500L, 501L);
        assertThat(written + valid.completionTokens()).isEqualTo(50);
    }

    @Test
    void aVoteThatFailedWhenRecordedFailsAgain() throws IOException {
        assertThat(votes().critique(ask("[recorded q-1 #1]", 1)))
                .isEqualTo(new Refusal(500, "this call failed when it was recorded"));
    }

    @Test
    void refusesWhatIsNotOnRecordAndSaysWhat() throws IOException {
        assertThat(((Refusal) votes().critique(ask("no mark", 0))).message()).contains("[recorded QUERY #0]");
        assertThat(((Refusal) votes().critique(ask("[recorded q-2 #0]", 0))).message())
                .contains("q-2");
        assertThat(((Refusal) votes().critique(ask("[recorded q-1 #3]", 0))).message())
                .contains("#3");
        assertThat(((Refusal) votes().critique(ask("[recorded q-1 #0]", 2))).message())
                .contains("sample 2");
        assertThat(((Refusal) votes().critique(new Question("other", "[recorded q-1 #0]", null, 0))).message())
                .contains("'other'");
    }

    @Test
    void theSeedChoosesTheSampleWhenTheRequestNamesNone() throws IOException {
        var answer = votes().critique(new Question("m|base|t1.0", "[recorded q-1 #0]", null, 7));

        assertThat(((Text) answer).text()).endsWith("\\boxed{2}");
    }

    @Test
    void aBadLineIsNamed() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("bad.jsonl"), LINE + "{\"query_id\":\"x\"}\n");

        // Then
        assertThatThrownBy(() -> Votes.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("n_responses");
    }
}
