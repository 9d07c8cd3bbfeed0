/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kritik.ops.judge.RecordedVotes;
import dev.kritik.ops.judge.Recording.Question;
import dev.kritik.ops.judge.Recording.Text;

/** The work is the same for all, and only the judge knows its scores. */
class WorkTest {

    @Test
    void theJudgeGivesTheExpectedScoreOfEachRollout() {
        Work work = Work.of(20, 4, 0, 7);
        var judge = new RecordedVotes(work.votes());

        for (Item item : work.items()) {
            Text answer = (Text) judge.critique(new Question(Work.MODEL, "Grade: " + item.response(), null, 0));

            assertThat(answer.text()).endsWith("\\boxed{" + item.expected() + "}");
        }
        assertThat(work.items())
                .extracting(Item::expected)
                .contains(1, 10)
                .allMatch(score -> score >= 1 && score <= 10);
    }

    @Test
    void theSameArgumentsGiveTheSameWork() {
        assertThat(Work.of(5, 8, 3, 7)).isEqualTo(Work.of(5, 8, 3, 7)).isNotEqualTo(Work.of(5, 8, 3, 8));
    }

    @Test
    void groupsComeAllAtOnceOrAtTheRateThatIsAskedFor() {
        Work paced = Work.of(2_000, 2, 50, 7);

        assertThat(Work.of(5, 2, 0, 7).items()).extracting(Item::atSeconds).containsOnly(0.0);
        assertThat(paced.items().getLast().atSeconds()).isCloseTo(40, within(4.0));
        assertThat(paced.group(9))
                .extracting(Item::atSeconds)
                .hasSize(2)
                .containsOnly(paced.group(9).getFirst().atSeconds());
    }

    @Test
    void contendersAreNotToldTheScores(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("work.jsonl");

        Work.of(3, 2, 0, 7).write(file);

        List<String> lines = Files.readAllLines(file);
        JsonNode line = new ObjectMapper().readTree(lines.get(3));
        assertThat(lines).hasSize(6);
        assertThat(line.fieldNames()).toIterable().containsExactly("id", "prompt", "response", "at_s");
        assertThat(line.path("id").asText()).isEqualTo("q1/1");
    }
}
