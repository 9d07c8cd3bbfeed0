/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

class RolloutLineTest {

    private static final Defaults DEFAULTS = new Defaults("job", 4, null, 1, Duration.ofSeconds(60));

    private static final long NOW = 1_000_000;

    @Test
    void aGroupBecomesItsMembers() throws BadLine {
        // When
        List<Rollout> members = RolloutLine.parse("""
                {"query_id":"q/1","domain":"math","messages":[{"role":"user","content":"2+2?"}],
                 "responses":[{"id":"r0","content":""},{"id":"r1","content":"4 \\\\boxed{4} 😀"}],"best":1,"scores":null,"source":"own"}
                """, DEFAULTS, NOW);

        // Then
        assertThat(members).extracting(Rollout::getIndex).containsExactly(0, 1);
        assertThat(members).extracting(Rollout::getResponse).containsExactly("", "4 \\boxed{4} 😀");
        assertThat(members).allSatisfy(member -> {
            assertThat(member.getJobId()).isEqualTo("job");
            assertThat(member.getGroupId()).isEqualTo("q/1");
            assertThat(member.getGroupSize()).isEqualTo(2);
            assertThat(member.getMessages()).containsExactly(new Message("user", "2+2?"));
            assertThat(member.getLabel()).isEqualTo("1");
            assertThat(member.getK()).isEqualTo(4);
            assertThat(member.getKMeta()).isNull();
            assertThat(member.getPanelSize()).isEqualTo(1);
            assertThat(member.getDeadlineMs()).isEqualTo(NOW + 60_000);
        });
        assertThat(members.get(1).getMetadata()).isEqualTo(Map.of("domain", "math", "response_id", "r1"));
    }

    @Test
    void keepsTheReferenceOfAGroupAndHowEachResponseEnded() throws BadLine {
        List<Rollout> members = RolloutLine.parse("""
                {"query_id":"q","messages":[{"role":"u","content":"q"}],"reference":"42",
                 "responses":[{"content":"4","finish_reason":"length"},{"content":"42","finish_reason":"stop"},"x"]}
                """, DEFAULTS, NOW);

        assertThat(members).extracting(Rollout::getReference).containsExactly("42", "42", "42");
        assertThat(members)
                .extracting(Rollout::getMetadata)
                .containsExactly(Map.of("finish_reason", "length"), Map.of("finish_reason", "stop"), Map.of());
        assertThatThrownBy(() -> RolloutLine.parse(
                        "{\"query_id\":\"q\",\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],"
                                + "\"responses\":[{\"content\":\"4\",\"finish_reason\":3}]}",
                        DEFAULTS,
                        NOW))
                .isInstanceOf(BadLine.class)
                .hasMessageContaining("responses[0].finish_reason");
    }

    @Test
    void aGoalOfTheLineIsStrongerThanTheDefault() throws BadLine {
        var best = new Defaults("job", null, null, null, null, "best");
        String line =
                "{\"query_id\":\"q\",\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],\"responses\":[\"a\",\"b\"]%s}";

        assertThat(RolloutLine.parse(line.formatted(""), best, NOW))
                .allMatch(own -> own.getGoal().equals("best"));
        assertThat(RolloutLine.parse(line.formatted(",\"goal\":\"advantages\""), best, NOW))
                .allMatch(own -> own.getGoal().equals("advantages"));
        assertThat(RolloutLine.parse(line.formatted(""), DEFAULTS, NOW)).allMatch(own -> own.getGoal() == null);
        assertThatThrownBy(() -> RolloutLine.parse(line.formatted(",\"goal\":\"most\""), best, NOW))
                .isInstanceOf(BadLine.class)
                .hasMessageContaining("fixed, best, advantages");
    }

    @Test
    void aHintIsForAllMembers() throws BadLine {
        assertThat(RolloutLine.parse("""
                        {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a","b"],"best":1,"hint":1}
                        """, DEFAULTS, NOW)).hasSize(2).allMatch(member -> member.getHint() == 1);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "10, 10", "0,", "11,", "0.93,", "99999999999,", "\"good\",", "{},", "null,"})
    void theScoreOfASingleResponseIsItsLabelIfAJudgeCouldGiveIt(String score, String label) throws BadLine {
        assertThat(RolloutLine.parse(
                        "{\"query_id\":\"q\",\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],\"responses\":[\"a\"],\"score\":"
                                + score + "}",
                        DEFAULTS,
                        NOW))
                .singleElement()
                .satisfies(member -> assertThat(member.getLabel()).isEqualTo(label));
    }

    @Test
    void aSingleRolloutKeepsItsFields() throws BadLine {
        // When
        List<Rollout> members = RolloutLine.parse("""
                {"job_id":"j","group_id":"g","group_attempt":2,"index":1,"group_size":3,"policy_version":7,"k":8,"goal":"advantages","k_meta":0,"hint":2,
                 "prompt_token_ids":[1,2],"response_token_ids":[7,3],"response_logprobs":[-0.25,-1.5],
                 "deadline_ms":5,"label":"a","reference":"ref","metadata":{"a":"b"},
                 "messages":[{"role":"user","content":"q"}],"response":"r"}
                """, DEFAULTS, NOW);

        // Then
        assertThat(members)
                .containsExactly(new Rollout(
                        "j",
                        "g",
                        2,
                        1,
                        3,
                        List.of(new Message("user", "q")),
                        "r",
                        "a",
                        "ref",
                        7L,
                        5L,
                        8,
                        0,
                        1,
                        "advantages",
                        2,
                        List.of(1, 2),
                        List.of(7, 3),
                        List.of(-0.25f, -1.5f),
                        Map.of("a", "b")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {                                                                    | not JSON
                    []                                                                   | not a JSON object
                    {"a":1} {"b":2}                                                      | not JSON
                    {"query_id":"q","query_id":"q"}                                      | not JSON
                    {"messages":[{"role":"u","content":"q"}],"responses":["a"]}          | query_id is missing
                    {"query_id":"q","responses":["a"]}                                   | messages
                    {"query_id":"q","messages":[],"responses":["a"]}                     | messages
                    {"query_id":"q","messages":[{"role":"u"}],"responses":["a"]}         | messages[0].content is missing
                    {"query_id":"q","messages":[{"role":1,"content":"q"}],"responses":["a"]} | messages[0].role is no string
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":[]}  | responses
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a",{"content":null}]} | responses[1].content is missing
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a"],"best":1} | best is 1
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a","b"],"hint":2} | hint is 2, but
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a"],"hint":0} | the right score, 1 to 10
                    {"group_id":"q","index":0,"group_size":3,"messages":[{"role":"u","content":"q"}],"response":"a","hint":3} | hint is 3
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["\\uD800"]} | surrogate
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a"],"k":0} | k is not a whole number of at least 1
                    {"query_id":"q","messages":[{"role":"u","content":"q"}],"responses":["a"],"k":1.5} | k is not a whole number
                    {"query_id":"","messages":[{"role":"u","content":"q"}],"responses":["a"]}   | query_id is not an id
                    {"query_id":"a\\u0000","messages":[{"role":"u","content":"q"}],"responses":["a"]} | query_id is not an id
                    {"query_id":"q","job_id":"a/b","messages":[{"role":"u","content":"q"}],"responses":["a"]} | job_id holds a '/'
                    {"group_id":"q","index":1,"group_size":1,"messages":[{"role":"u","content":"q"}],"response":"a"} | index is 1
                    {"group_id":"q","index":-1,"group_size":1,"messages":[{"role":"u","content":"q"}],"response":"a"} | index is not
                    {"group_id":"q","index":0,"group_size":0,"messages":[{"role":"u","content":"q"}],"response":"a"} | group_size
                    {"group_id":"q","index":0,"messages":[{"role":"u","content":"q"}],"response":"a"} | group_size is missing
                    {"group_id":"q","index":0,"group_size":1,"messages":[{"role":"u","content":"q"}],"response":"a","panelsize":1} | unknown field 'panelsize'
                    """)
    void aBadLineSaysWhatIsWrong(String line, String reason) {
        assertThatThrownBy(() -> RolloutLine.parse(line, DEFAULTS, NOW))
                .isInstanceOf(BadLine.class)
                .hasMessageContaining(reason.replace("''", "'"));
    }
}
