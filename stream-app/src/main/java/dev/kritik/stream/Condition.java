/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.streams.KafkaStreams.State;

import java.util.Optional;

import dev.kritik.telemetry.Health;

/**
 * How an instance of the stream application is, at one moment.
 *
 * @param state of Kafka Streams
 * @param threads stream threads that live
 * @param active tasks that it works on
 * @param standby tasks whose state it copies, to take them over
 * @param restoring records of its state that it still has to read
 */
record Condition(State state, int threads, int active, int standby, long restoring) implements Health {

    @Override
    public Optional<String> dead() {
        return switch (state) {
            case ERROR, PENDING_ERROR -> Optional.of("Kafka Streams has given up; the log says why");
            case NOT_RUNNING -> Optional.of("it has been closed");
            case RUNNING, REBALANCING ->
                threads == 0
                        ? Optional.of("no stream thread is alive; the log says what they died of")
                        : Optional.empty();
            case CREATED, PENDING_SHUTDOWN -> Optional.empty();
        };
    }

    /** Tasks count, not only the state: an instance without any is running, too. */
    @Override
    public Optional<String> idle() {
        return switch (state) {
            case CREATED -> Optional.of("it starts");
            case REBALANCING ->
                Optional.of(
                        restoring > 0
                                ? "it restores its state: " + restoring + " records left"
                                : "it waits for its partitions");
            case RUNNING ->
                active > 0
                        ? Optional.empty()
                        : Optional.of("it owns no partitions"
                                + (standby > 0
                                        ? ", and keeps " + standby + " copies of others' state"
                                        : " (are there more instances, or threads, than partitions?)"));
            case PENDING_SHUTDOWN -> Optional.of("it closes");
            case NOT_RUNNING, PENDING_ERROR, ERROR -> dead();
        };
    }

    /** An instance to which no partitions fall is settled, too: a rolling restart would wait for it for ever. */
    @Override
    public Optional<String> unsettled() {
        return state == State.RUNNING ? Optional.empty() : idle();
    }
}
