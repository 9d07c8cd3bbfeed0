/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class ConditionTest {

    private static Condition condition(State state, int threads, int active, int standby, long restoring) {
        return new Condition(state, threads, active, standby, restoring);
    }

    @Test
    void worksOnlyWithPartitionsOfItsOwn() {
        assertThat(condition(State.RUNNING, 1, 3, 0, 0).idle()).isEmpty();
        assertThat(condition(State.RUNNING, 1, 0, 0, 0).idle())
                .hasValueSatisfying(why -> assertThat(why).contains("owns no partitions"));
        assertThat(condition(State.RUNNING, 1, 0, 2, 0).idle())
                .hasValueSatisfying(why -> assertThat(why).contains("2 copies"));
        assertThat(condition(State.RUNNING, 1, 0, 2, 0).dead()).isEmpty();
    }

    @Test
    void saysHowMuchOfItsStateIsMissing() {
        assertThat(condition(State.CREATED, 0, 0, 0, 0).idle()).contains("it starts");
        assertThat(condition(State.REBALANCING, 1, 0, 0, 0).idle()).contains("it waits for its partitions");
        assertThat(condition(State.REBALANCING, 1, 2, 0, 17).idle()).contains("it restores its state: 17 records left");
    }

    @Test
    void isSettledWithoutPartitionsAndNotBeforeItsStateIsThere() {
        assertThat(condition(State.RUNNING, 1, 3, 0, 0).unsettled()).isEmpty();
        assertThat(condition(State.RUNNING, 1, 0, 0, 0).unsettled()).isEmpty();
        assertThat(condition(State.RUNNING, 1, 0, 2, 0).unsettled()).isEmpty();
        assertThat(condition(State.REBALANCING, 1, 2, 0, 17).unsettled())
                .contains("it restores its state: 17 records left");
        for (State state : State.values()) {
            if (state != State.RUNNING) {
                assertThat(condition(state, 1, 1, 0, 0).unsettled())
                        .as(state.name())
                        .isPresent();
            }
        }
    }

    @Test
    void isDeadWhenNothingWillWorkAgain() {
        assertThat(condition(State.ERROR, 0, 0, 0, 0).dead()).isPresent();
        assertThat(condition(State.NOT_RUNNING, 0, 0, 0, 0).dead()).contains("it has been closed");
        assertThat(condition(State.RUNNING, 0, 0, 0, 0).dead())
                .hasValueSatisfying(why -> assertThat(why).contains("no stream thread"));
        for (State state : new State[] {State.CREATED, State.REBALANCING, State.RUNNING, State.PENDING_SHUTDOWN}) {
            assertThat(condition(state, 1, 0, 0, 0).dead()).as(state.name()).isEmpty();
        }
        for (State state : State.values()) {
            assertThat(condition(state, 1, 0, 0, 0).idle()).as(state.name()).isPresent();
        }
    }

    @Test
    void countsWhatIsLeftToRestore() {
        var restoration = new Restoration();
        var one = new TopicPartition("groups-changelog", 0);
        var other = new TopicPartition("bodies-changelog", 0);

        restoration.onRestoreStart(one, "groups", 10, 110);
        restoration.onRestoreStart(other, "bodies", 0, 50);
        restoration.onBatchRestored(one, "groups", 39, 30);
        assertThat(restoration.recordsLeft()).isEqualTo(120);

        restoration.onRestoreSuspended(other, "bodies", 0);
        assertThat(restoration.recordsLeft()).isEqualTo(70);

        restoration.onRestoreEnd(one, "groups", 100);
        assertThat(restoration.recordsLeft()).isZero();
    }
}
