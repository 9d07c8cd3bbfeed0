/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;

/**
 * Reads the groups of one job, each once it has ended, from the topics of rollouts and rewards; committed records only. It
 * keeps its place itself ({@link #position}) and commits nothing, so several readers of a job don't meet.
 *
 * <p>Brokers or a schema registry that don't answer are tried again for as long as {@link #next} may wait. Records that can't
 * be read are logged, counted and passed over. For one thread, except {@link #wakeup}.
 */
public final class GroupReader implements GroupSource {

    /** Where to begin without a position. */
    public enum Start {
        /** With the oldest records that the topics hold. */
        EARLIEST,
        /** With what is written from now on. Groups that are open now come without the rollouts that stand there already. */
        NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);

    private static final int PATIENCE_MS = 20_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 500_000_000;
    private static final long LOOK_NANOS = 60_000_000_000L;

    /** Groups that have ended, and groups that have not, read ahead of what is handed out: one of them waits for the other. */
    private static final int MOST_ENDED = 1_000;

    private static final int MOST_GATHERED = 5_000;

    /** All rollouts up to here are to be read before the ends up to this number are taken for complete. */
    private record Barrier(Map<TopicPartition, Long> ends, long number) {}

    private final Consumer<byte[], byte[]> consumer;
    private final AutoCloseable registry;
    private final Topics topics;
    private final Intake intake;
    private final Join join;
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetAndMetadata> polledTo = new HashMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private Barrier barrier;
    private long lookedAt = System.nanoTime();
    private boolean topicMissed;

    private GroupReader(
            Consumer<byte[], byte[]> consumer,
            SchemaRegistry schemas,
            AutoCloseable registry,
            Topics topics,
            String jobId,
            Beginning beginning) {
        this.consumer = consumer;
        this.registry = registry;
        this.topics = topics;
        this.join = new Join(beginning.position(), beginning.rewardsFrom());
        this.intake = new Intake(topics, jobId, schemas, join);
    }

    /**
     * Opens a reader. Its position is settled when this returns: store it at once, and nothing that is produced afterwards
     * can be missed, whatever happens.
     *
     * @param config {@code kafka.*}, {@code registry.*} and {@code topics.prefix}, as for all parts of Kritik; other keys are
     *     passed over
     * @param jobId the job whose groups are read
     * @param from where an earlier reader of this job stood
     * @param otherwise where to begin without that
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     * @throws IllegalArgumentException if there can be no such job, or the position is of another one
     * @throws ClientException if a topic is not there or may not be read, no broker answers within 20 s, or the topics don't
     *     hold the position any more
     */
    public static GroupReader open(
            Map<String, String> config, String jobId, Optional<GroupPosition> from, Start otherwise) {
        KafkaSettings kafka = KafkaSettings.from(config);
        Map<String, String> own = new HashMap<>(config);
        // The reader itself tries again, and looks at its time in between.
        own.put(RegistryConfig.RETRIES, "0");
        var registry = new HttpSchemaRegistry(RegistryConfig.from(own));
        try {
            return open(
                    new KafkaConsumer<>(settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                    registry,
                    registry,
                    kafka.topics(),
                    jobId,
                    from,
                    otherwise);
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    private static Map<String, Object> settings(KafkaSettings kafka) {
        return kafka.with(Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                "kritik-client",
                // Rollouts and rewards are written in transactions: what was aborted was never said.
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // No group: the place is the caller's to keep, together with what it made of the groups.
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // An offset that is gone is an error; going on elsewhere would lose groups in silence.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                // A mistyped prefix must not make topics.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // The default of a minute is long for a person who mistyped a port.
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS));
    }

    /** The same with a consumer and a registry, which are closed with the reader, and if it can't be opened. */
    static GroupReader open(
            Consumer<byte[], byte[]> consumer,
            SchemaRegistry schemas,
            AutoCloseable registry,
            Topics topics,
            String jobId,
            Optional<GroupPosition> from,
            Start otherwise) {
        try {
            requireJob(jobId, from);
            return new GroupReader(
                    consumer, schemas, registry, topics, jobId, Beginning.of(consumer, topics, from, otherwise));
        } catch (TimeoutException e) {
            consumer.close();
            throw Failures.noAnswer("about the topics '" + topics.rollouts() + "' and '" + topics.rewards() + "'", e);
        } catch (InterruptException e) {
            consumer.close();
            throw e;
        } catch (KafkaException e) {
            consumer.close();
            throw Failures.fatal("to open the topics", e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private static void requireJob(String jobId, Optional<GroupPosition> from) {
        if (jobId.isEmpty() || jobId.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + jobId + "' is no job id: it is empty, or holds a '/'");
        }
        for (GroupId id : from.map(GroupPosition::waiting).orElse(Set.of())) {
            if (!id.jobId().equals(jobId)) {
                throw new IllegalArgumentException("the position is of job '" + id.jobId() + "', not of '" + jobId
                        + "': it names its group " + id);
            }
        }
    }

    /**
     * The next group that has ended. Groups come in the order in which their records stand on each partition. A member
     * whose rollout the topic does not hold any more is missing in the group, and the log says so.
     *
     * @param atMost how long to wait for one; a registry that does not answer can hold it up for a few seconds more
     * @return empty if none came, or {@link #wakeup} was called
     * @throws ClientException if no try will help: not allowed, a topic is gone, records were deleted before they were read
     */
    @Override
    public Optional<RewardedGroup> next(Duration atMost) {
        long begun = System.nanoTime();
        long left = nanos(atMost);
        boolean first = true;
        while (true) {
            Optional<RewardedGroup> group = join.next();
            if (group.isPresent() || woken.getAndSet(false) || (left <= 0 && !first)) {
                return group;
            }
            advance(Math.max(0, left), false);
            left = nanos(atMost) - (System.nanoTime() - begun);
            first = false;
        }
    }

    /**
     * Reads both topics to where they end now, and hands nothing out: afterwards {@link #waiting} names each group of the job
     * that stands there and was not handed out, whether it has ended or not. All of their rollouts are held in memory.
     *
     * @param atMost how long this may take
     * @return whether it was done; false when the time was over, or {@link #wakeup} was called
     * @throws ClientException as {@link #next}
     */
    public boolean catchUp(Duration atMost) {
        long begun = System.nanoTime();
        Map<TopicPartition, Long> ends = null;
        boolean first = true;
        while (first || System.nanoTime() - begun < nanos(atMost)) {
            first = false;
            if (ends == null) {
                ends = ends(consumer.assignment()).orElse(null);
            }
            if (ends != null && isRead(ends)) {
                return true;
            }
            if (woken.getAndSet(false)) {
                return false;
            }
            advance(Math.max(0, nanos(atMost) - (System.nanoTime() - begun)), true);
        }
        return ends != null && isRead(ends);
    }

    /** Ends a {@link #next} or {@link #catchUp} that waits, or else the next one that would. From any thread. */
    public void wakeup() {
        woken.set(true);
        consumer.wakeup();
    }

    @Override
    public GroupPosition position() {
        return join.position();
    }

    @Override
    public Set<GroupId> waiting() {
        return join.waiting();
    }

    /** Records of the job, or without a word whose they are, that could not be read and were passed over. */
    public long undecodable() {
        return intake.undecodable();
    }

    /** Lets go of the connections. Nothing is written anywhere. */
    @Override
    public void close() {
        consumer.close();
        try {
            registry.close();
        } catch (Exception e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("the connection to the registry could not be closed");
        }
    }

    /** Reads on a little. */
    private void advance(long nanos, boolean all) {
        try {
            if (polled.isEmpty()) {
                lookForPartitions();
                raiseBarrier();
                balance(all);
                ConsumerRecords<byte[], byte[]> records =
                        consumer.poll(Duration.ofNanos(Math.min(nanos, POLL.toNanos())));
                records.forEach(polled::add);
                polledTo.putAll(records.nextOffsets());
            }
            takePolled();
            passBarrier();
        } catch (WakeupException e) {
            woken.set(true);
        } catch (RegistryUnavailableException e) {
            LOG.atWarn().addKeyValue("failure", e.getMessage()).log("a record waits for the schema registry");
            Failures.pause(Math.min(nanos, PAUSE_NANOS));
        } catch (OffsetOutOfRangeException e) {
            TopicPartition partition = e.partitions().iterator().next();
            long offset = e.offsetOutOfRangePartitions().get(partition);
            throw Failures.gone(partition.topic(), partition.partition(), offset, "others");
        } catch (InterruptException e) {
            throw e;
        } catch (RetriableException e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("the brokers do not answer; tries again");
            Failures.pause(Math.min(nanos, PAUSE_NANOS));
        } catch (KafkaException e) {
            throw Failures.fatal("to read the topics", e);
        }
    }

    /** A record leaves the queue when it has been taken, so that none is passed over while the registry is down. */
    private void takePolled() {
        while (!polled.isEmpty()) {
            intake.take(polled.peek());
            polled.remove();
        }
        polledTo.forEach((partition, next) -> read(partition, next.offset()));
        polledTo.clear();
    }

    private void read(TopicPartition partition, long offset) {
        if (partition.topic().equals(topics.rewards())) {
            join.rewardsRead(partition.partition(), offset);
        } else {
            join.rolloutsRead(partition.partition(), offset);
        }
    }

    private boolean isRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> end.getValue() <= readTo(end.getKey()));
    }

    private long readTo(TopicPartition partition) {
        return partition.topic().equals(topics.rewards())
                ? join.rewardsRead(partition.partition())
                : join.rolloutsRead(partition.partition());
    }

    /** The end of each partition; empty when no broker says. */
    private Optional<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions) {
        try {
            return Optional.of(consumer.endOffsets(partitions, ASK));
        } catch (WakeupException e) {
            woken.set(true);
        } catch (RetriableException e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("no broker says where the topics end; tries again");
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw Failures.fatal("to tell where the topics end", e);
        }
        return Optional.empty();
    }

    /** If a group has ended whose rollouts are not here yet: up to where are they to be looked for? */
    private void raiseBarrier() {
        long number = join.blocked();
        if (barrier == null && number > 0) {
            Set<TopicPartition> rollouts = new HashSet<>(consumer.assignment());
            rollouts.removeIf(partition -> !partition.topic().equals(topics.rollouts()));
            barrier = ends(rollouts).map(ends -> new Barrier(ends, number)).orElse(null);
        }
    }

    private void passBarrier() {
        if (barrier != null && isRead(barrier.ends())) {
            join.settle(barrier.number());
            barrier = null;
        }
    }

    /** Neither topic is read far ahead of the other. */
    private void balance(boolean all) {
        pause(topics.rewards(), !all && join.endsKept() >= MOST_ENDED);
        pause(topics.rollouts(), !all && join.endsKept() == 0 && join.gathered() >= MOST_GATHERED);
    }

    private void pause(String topic, boolean pause) {
        List<TopicPartition> partitions = consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
        if (pause) {
            consumer.pause(partitions);
        } else {
            consumer.resume(partitions);
        }
    }

    /** Partitions that were added are read from their beginning. The client asks the brokers every few minutes. */
    private void lookForPartitions() {
        if (System.nanoTime() - lookedAt < LOOK_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        boolean missed = false;
        for (String topic : List.of(topics.rewards(), topics.rollouts())) {
            List<TopicPartition> found = Beginning.find(consumer, topic);
            // A broker that has just started may not know its topics yet: once is no proof.
            if (found.isEmpty() && topicMissed) {
                throw Failures.noTopic(topic);
            }
            missed |= found.isEmpty();
            all.addAll(found);
        }
        topicMissed = missed;
        Set<TopicPartition> added = new HashSet<>(all);
        added.removeAll(consumer.assignment());
        if (!added.isEmpty()) {
            consumer.assign(all);
            added.forEach(partition -> {
                consumer.seek(partition, 0);
                read(partition, 0);
            });
            LOG.atInfo().addKeyValue("partitions", added).log("reads new partitions too");
        }
    }

    private static long nanos(Duration duration) {
        // A thousand years is no number of nanoseconds.
        return duration.compareTo(Duration.ofDays(10_000)) > 0
                ? Duration.ofDays(10_000).toNanos()
                : duration.toNanos();
    }
}
