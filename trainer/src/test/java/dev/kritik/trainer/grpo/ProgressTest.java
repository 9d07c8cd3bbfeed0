/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.kritik.client.GroupPosition;
import dev.kritik.trainer.run.TrainException;

class ProgressTest {

    private static final GroupPosition POSITION = new GroupPosition(
            Map.of(0, 17L, 1, 3L), Map.of(0, 100L), Map.of(0, 140L), Set.of(Given.NUMBERING.group(9)));

    @Test
    void whatIsWrittenIsReadAgain() {
        // Given
        Progress whole = new Progress(
                12,
                99,
                Map.of(Fate.TRAINED, 80L, Fate.FLAT, 9L, Fate.LOST, 2L),
                POSITION,
                new HackingAlarm.State(Optional.of(new HackingAlarm.Point(10, 0.75, 0.02, 6.5, 0.1)), true));
        Progress bare = new Progress(1, 4, Map.of(), POSITION, new HackingAlarm.State(Optional.empty(), false));

        // Then
        assertThat(Progress.fromJson(whole.toJson())).isEqualTo(whole);
        assertThat(Progress.fromJson(bare.toJson())).isEqualTo(bare);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "{\"step\":1}", "{\"step\":1,\"published\":2,\"position\":{}}", "{\"step"
            })
    void anythingElseIsNamedAsWhatItIsNot(String text) {
        assertThatThrownBy(() -> Progress.fromJson(text))
                .isInstanceOf(TrainException.class)
                .hasMessageContaining("what the checkpoint says of the groups can't be read");
    }
}
