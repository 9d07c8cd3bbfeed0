/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.rollouts.Report.Rejected;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;

/** Publishes a file of rollouts: good lines go out, bad ones are reported, none vanishes. For one file. */
public final class Publisher {

    /** What is known of a group from the lines before. */
    private record Seen(int size, BitSet indices) {}

    private final Producer<String, Rollout> producer;
    private final String topic;
    private final Defaults defaults;
    private final InstantSource clock;

    private final Map<String, Seen> groups = new HashMap<>();
    private final Queue<Rejected> rejected = new ConcurrentLinkedQueue<>();
    private final AtomicLong published = new AtomicLong();
    private final AtomicReference<Exception> fatal = new AtomicReference<>();

    /** A publisher for one file; the producer stays the caller's to close. */
    public Publisher(Producer<String, Rollout> producer, String topic, Defaults defaults, InstantSource clock) {
        this.producer = producer;
        this.topic = topic;
        this.defaults = defaults;
        this.clock = clock;
    }

    /**
     * Publishes all good lines and waits until the broker has acknowledged them.
     *
     * @param progress is told the number of each line that was read
     * @throws IOException if the file can't be read
     * @throws CommandFailed if Kafka or the registry takes nothing any more; says how many rollouts it took before
     */
    public Report publish(InputStream file, LongConsumer progress) throws IOException {
        Lines lines = new Lines(file);
        int filled = 0;
        for (Lines.Line line = lines.next(); line != null && fatal.get() == null; line = lines.next()) {
            progress.accept(line.number());
            if (line.text() != null && line.text().isBlank()) {
                continue;
            }
            filled++;
            try {
                if (line.text() == null) {
                    throw new BadLine(line.problem());
                }
                List<Rollout> rollouts = RolloutLine.parse(line.text(), defaults, clock.millis());
                remember(rollouts);
                for (Rollout rollout : rollouts) {
                    send(rollout, line.number());
                }
            } catch (BadLine e) {
                rejected.add(new Rejected(line.number(), e.getMessage()));
            }
        }
        producer.flush();
        if (fatal.get() != null) {
            throw new CommandFailed(
                    "publishing stopped after " + published + " rollouts: "
                            + fatal.get().getMessage()
                            + " (is Kafka running at the given address? 'kritik topics check'"
                            + " looks at the topics)",
                    fatal.get());
        }
        List<Rejected> inOrder = new ArrayList<>(rejected);
        inOrder.sort(Comparator.comparingInt(Rejected::line));
        return new Report(filled, groups.size(), published.get(), inOrder);
    }

    /** Refuses members that are there already: they would be dropped as duplicates, or as contradictions. */
    private void remember(List<Rollout> rollouts) throws BadLine {
        for (Rollout rollout : rollouts) {
            Seen seen = groups.get(groupOf(rollout));
            if (seen != null && seen.size() != rollout.getGroupSize()) {
                throw new BadLine("group '" + rollout.getGroupId() + "' has " + seen.size()
                        + " members on an earlier line, and " + rollout.getGroupSize() + " here");
            }
            if (seen != null && seen.indices().get(rollout.getIndex())) {
                throw new BadLine("group '" + rollout.getGroupId() + "' has its member " + rollout.getIndex()
                        + " on an earlier line");
            }
        }
        for (Rollout rollout : rollouts) {
            groups.computeIfAbsent(groupOf(rollout), key -> new Seen(rollout.getGroupSize(), new BitSet()))
                    .indices()
                    .set(rollout.getIndex());
        }
    }

    private static String groupOf(Rollout rollout) {
        return Keys.of(rollout.getJobId(), rollout.getGroupId()) + "/" + rollout.getGroupAttempt();
    }

    private void send(Rollout rollout, int line) {
        try {
            var unused = producer.send(
                    new ProducerRecord<>(topic, Keys.of(rollout.getJobId(), rollout.getGroupId()), rollout),
                    (metadata, failure) -> {
                        if (failure == null) {
                            published.incrementAndGet();
                        } else if (failure instanceof RecordTooLargeException) {
                            rejected.add(
                                    new Rejected(line, "response " + rollout.getIndex() + ": " + failure.getMessage()));
                        } else {
                            fatal.compareAndSet(null, failure);
                        }
                    });
        } catch (KafkaException e) {
            fatal.compareAndSet(null, e);
        }
    }
}
