/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Set;

class GroupPositionTest {

    private static final String TEXT = "{\"rewards\":{\"0\":12,\"10\":3000000000},\"rollouts\":{\"0\":100},"
            + "\"rollouts_read\":{\"0\":117},\"waiting\":[{\"job\":\"run-7\",\"group\":\"q/ä\\\"1\",\"attempt\":0},"
            + "{\"job\":\"run-7\",\"group\":\"q2\",\"attempt\":1}]}";

    @Test
    void textIsStableAndGivesThePositionBack() {
        var position = new GroupPosition(
                Map.of(10, 3_000_000_000L, 0, 12L),
                Map.of(0, 100L),
                Map.of(0, 117L),
                Set.of(new GroupId("run-7", "q2", 1), new GroupId("run-7", "q/ä\"1", 0)));

        assertThat(position.toJson()).isEqualTo(TEXT);
        assertThat(GroupPosition.fromJson(TEXT)).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{                                                                       | no JSON",
                "[]                                                                      | no JSON object",
                "{}                                                                      | rollouts are no object",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":[],\"waiting\":[]}           | rewards are no object",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":{\"0\":-1},\"waiting\":[]}     | rewards hold '0': -1",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":{\"x\":1},\"waiting\":[]}      | rewards hold 'x': 1",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":{\"0\":1.5},\"waiting\":[]}    | rewards hold '0': 1.5",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":{}}                        | waiting is no list",
                "{\"rollouts\":{},\"rollouts_read\":{},\"rewards\":{},\"waiting\":[{}]}         | waiting holds {}",
                "{\"rollouts\":{\"0\":1},\"rollouts_read\":{},\"rewards\":{},\"waiting\":[]}      | different partitions",
                "{\"rollouts\":{\"0\":2},\"rollouts_read\":{\"0\":1},\"rewards\":{},\"waiting\":[]} | partition 0 stand after",
            })
    void textThatIsNoPositionIsRefusedWithWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> GroupPosition.fromJson(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
