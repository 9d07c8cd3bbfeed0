/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.kritik.monitor.lag.LagReport.Ends;

/** Begin and end of every partition of some topics; those that don't exist, or don't answer, are left out. */
final class TopicEnds {

    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final Admin admin;
    private final Answers answers;

    TopicEnds(Admin admin, Answers answers) {
        this.admin = admin;
        this.answers = answers;
    }

    /** By topic and partition. */
    Map<TopicPartition, Ends> of(Collection<String> topics) {
        List<TopicPartition> partitions = partitions(topics);
        // Asked for in this order, so that nothing that is written meanwhile makes an end smaller than a begin.
        ListOffsetsResult begins = ask(partitions, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
        ListOffsetsResult ends = ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        ListOffsetsResult written = ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Ends> found = new TreeMap<>(ORDER);
        for (TopicPartition partition : partitions) {
            Optional<Long> begin = offset(begins, partition, "the first offset");
            Optional<Long> end = offset(ends, partition, "the end");
            Optional<Long> last = offset(written, partition, "the high watermark");
            if (begin.isPresent() && end.isPresent() && last.isPresent()) {
                found.put(
                        partition,
                        new Ends(
                                partition.topic(),
                                partition.partition(),
                                begin.get(),
                                end.get(),
                                Math.max(end.get(), last.get())));
            }
        }
        return found;
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics)
                .topicNameValues()
                .forEach((name, future) -> answers.of(future, "topic '" + name + "' can't be described")
                        .ifPresent(topic -> topic.partitions()
                                .forEach(
                                        partition -> partitions.add(new TopicPartition(name, partition.partition())))));
        partitions.sort(ORDER);
        return partitions;
    }

    private ListOffsetsResult ask(List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which)),
                new ListOffsetsOptions(isolation));
    }

    private Optional<Long> offset(ListOffsetsResult result, TopicPartition partition, String what) {
        return answers.of(result.partitionResult(partition), what + " of " + partition + " can't be read")
                .map(ListOffsetsResult.ListOffsetsResultInfo::offset);
    }
}
