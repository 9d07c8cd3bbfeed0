/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
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
    private final AutoCloseable registry;
    private final Join join;
    private final Intake intake;
    private final Feed feed;

    private GroupReader(
            Consumer<byte[], byte[]> consumer,
            SchemaRegistry schemas,
            AutoCloseable registry,
            Topics topics,
            String jobId,
            Beginning beginning) {
        this.registry = registry;
        this.join = new Join(beginning.position(), beginning.rewardsFrom());
        this.intake = new Intake(topics, jobId, schemas, join);
        this.feed = new Feed(consumer, topics, intake, join);
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
            if (group.isPresent() || feed.wasWoken() || (left <= 0 && !first)) {
                return group;
            }
            feed.advance(Math.max(0, left), false);
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
                ends = feed.ends().orElse(null);
            }
            if (ends != null && feed.isRead(ends)) {
                return true;
            }
            if (feed.wasWoken()) {
                return false;
            }
            feed.advance(Math.max(0, nanos(atMost) - (System.nanoTime() - begun)), true);
        }
        return ends != null && feed.isRead(ends);
    }

    /** Ends a {@link #next} or {@link #catchUp} that waits, or else the next one that would. From any thread. */
    public void wakeup() {
        feed.wakeup();
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
        feed.close();
        try {
            registry.close();
        } catch (Exception e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("the connection to the registry could not be closed");
        }
    }

    private static long nanos(Duration duration) {
        // A thousand years is no number of nanoseconds.
        return duration.compareTo(Duration.ofDays(10_000)) > 0
                ? Duration.ofDays(10_000).toNanos()
                : duration.toNanos();
    }
}
