/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.audit.Ledger;
import dev.kritik.ops.audit.invariant.Send;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.faults.Follower.Arrival;
import dev.kritik.ops.faults.GatewayCaller.Answer;
import dev.kritik.ops.faults.Recovery.Mark;
import dev.kritik.ops.faults.Recovery.Observed;
import dev.kritik.ops.faults.Recovery.Try;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberReward;

/** Reads what recovery times and the gateway's answers are held against. */
final class Observer {

    private static final RangeReader.Bounds ALL = new RangeReader.Bounds(null, null, Map.of(), Map.of());

    private final Connection connection;
    private final List<Mark> written = new ArrayList<>();
    private final List<Mark> rewards = new ArrayList<>();
    private final List<Try> tries = new ArrayList<>();
    private final List<Mark> acknowledged = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();

    Observer(Connection connection) {
        this.connection = connection;
    }

    /**
     * Reads ledger and topics.
     *
     * @param arrivals when rewards could be read, by somebody who followed them
     */
    Observed read(Path ledger, List<Arrival> arrivals) throws IOException {
        Ledger.read(ledger, send -> {
            if (send.state() == Send.State.ACKNOWLEDGED) {
                acknowledged.add(new Mark(send.partition(), send.answeredMs()));
            }
        });
        all(connection.topics().critiqueRequests(), CritiqueRequest.class, request -> {
            partitions.put(Keys.of(request.getJobId(), request.getGroupId()), request.getPartition());
            written.add(new Mark(request.getPartition(), request.getCreatedMs()));
        });
        all(connection.topics().rewards(), GroupReward.class, this::take);
        arrivals.forEach(arrival -> {
            Integer partition = partitions.get(arrival.key());
            if (partition != null) {
                rewards.add(new Mark(partition, arrival.ms()));
            }
        });
        all(
                connection.topics().critiques(),
                Critique.class,
                critique -> tries.add(new Try(critique.getStartedMs(), critique.getDelivery())));
        return new Observed(acknowledged, written, rewards, tries);
    }

    private void take(GroupReward reward) {
        Integer partition = partitions.get(Keys.of(reward.getJobId(), reward.getGroupId()));
        if (partition != null) {
            written.add(new Mark(partition, reward.getClosedMs()));
        }
        List<Double> values = new ArrayList<>();
        for (MemberReward member : reward.getMembers()) {
            values.add(member.getReward());
        }
        answers.put(
                reward.getGroupId(),
                new Answer(
                        reward.getJobId(),
                        reward.getGroupId(),
                        reward.getStatus().name(),
                        values));
    }

    /** What the topic says of the groups of a job, by group id. */
    Map<String, Answer> answers(String jobId) {
        Map<String, Answer> those = new HashMap<>(answers);
        those.values().removeIf(answer -> !answer.jobId().equals(jobId));
        return those;
    }

    private interface Taker<T> {
        void take(T value);
    }

    private <T extends SpecificRecord> void all(String topic, Class<T> type, Taker<T> taker) throws IOException {
        try (RangeReader<T> reader = RangeReader.open(connection, topic, type, ALL)) {
            reader.read((partition, offset, bytes, value) -> taker.take(value), done -> {});
        }
    }
}
