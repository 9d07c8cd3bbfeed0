/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.kritik.gateway.jobs.Ledger;
import dev.kritik.gateway.jobs.MemberMark;
import dev.kritik.gateway.jobs.Memory;
import dev.kritik.gateway.jobs.Reader;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;
import dev.kritik.telemetry.RoleMeters;

/**
 * Reads {@code rewards}, and keys and headers of {@code rollouts}, all partitions of both, into the {@link Ledger}: first
 * what is not older than the ledger remembers, then what comes. So every instance knows of every job. One thread of its own.
 */
public final class TopicReader implements Reader, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicReader.class);

    /** Also how long somebody waits at most who asks whether all is read, on quiet topics. */
    private static final Duration POLL = Duration.ofMillis(50);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long LOOK_MS = 60_000;

    /** How old a reward may be whose schema the registry does not know yet: its replicas may lag behind. */
    private static final long LAG_MS = 30_000;

    private static final int PATIENCE_MS = 20_000;

    /** How often the brokers are asked whether all has been read, when nobody else asks. */
    private static final long PROBE_MS = 5_000;

    /** Without an answer for so long this instance does not know what runs. Longer than one question may take. */
    private static final long SILENCE_MS = 30_000;

    private final Consumer<String, byte[]> consumer;
    private final AvroDeserializer<GroupReward> rewards;
    private final Topics topics;
    private final Ledger ledger;
    private final Memory memory;
    private final InstantSource clock;
    private final Thread thread;

    private final Barriers barriers;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile boolean caughtUp;
    private volatile long heardMs;
    private long probedMs;
    private long lookedAtMs;

    TopicReader(
            Consumer<String, byte[]> consumer,
            AvroDeserializer<GroupReward> rewards,
            Topics topics,
            Ledger ledger,
            Memory memory,
            InstantSource clock) {
        this.consumer = consumer;
        this.rewards = rewards;
        this.topics = topics;
        this.ledger = ledger;
        this.memory = memory;
        this.clock = clock;
        this.barriers = new Barriers(consumer);
        this.thread = Thread.ofPlatform().name("kritik-gateway-reader").daemon().unstarted(this::run);
    }

    /**
     * A reader for an installation; nothing is read before {@link #start}.
     *
     * @param meters where the figures of its consumer stand
     */
    public static TopicReader open(
            KafkaSettings kafka,
            SchemaRegistry registry,
            Ledger ledger,
            Memory memory,
            InstantSource clock,
            RoleMeters meters) {
        Map<String, Object> settings = kafka.with(Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                "kritik-gateway",
                // The stream application writes in transactions: an aborted reward is none.
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // No group, for every instance reads all: nothing to commit.
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // Whoever lags behind retention goes on with the oldest that is there.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS));
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        meters.add(new KafkaClientMetrics(consumer));
        return new TopicReader(
                consumer, new AvroDeserializer<>(registry, GroupReward.class), kafka.topics(), ledger, memory, clock);
    }

    /**
     * Finds the places to begin at, and begins to read.
     *
     * @throws ConfigError if a topic is not there, or no broker answers
     */
    public void start() {
        try {
            begin(clock.millis() - memory.forMs());
        } catch (TimeoutException | UnknownTopicOrPartitionException e) {
            throw new ConfigError(
                    "Kafka gave no answer about the topics '" + topics.rollouts() + "' and '" + topics.rewards()
                            + "': is it running at the given address, and are they there? ('kritik topics check'"
                            + " looks; " + e.getMessage() + ")",
                    e);
        }
        // Those who wait for the start wait for this: it is done when caughtUp is set.
        var unused = first.whenComplete((nothing, failure) -> {
            if (failure == null) {
                heardMs = clock.millis();
                caughtUp = true;
                LOGGER.atInfo().addKeyValue("jobs", ledger.size()).log("read what has happened; ready");
            }
            started.complete(null);
        });
        barriers.add(first);
        thread.start();
    }

    /** Waits until all that was there at the start has been read, or reading has failed; false when the time is over. */
    public boolean awaitCaughtUp(Duration atMost) {
        try {
            started.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    @Override
    public boolean caughtUp() {
        return caughtUp && !closing && clock.millis() - heardMs < SILENCE_MS;
    }

    /** Completes when nothing is read any more: closed, or failed for good. */
    public CompletionStage<Void> stopped() {
        return stopped.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> readUpToNow() {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        barriers.add(passed);
        if (stopped.isDone()) {
            passed.completeExceptionally(new IllegalStateException("the topics are not read any more"));
        }
        return passed;
    }

    private void run() {
        try {
            while (!closing) {
                try {
                    turn();
                } catch (RetriableException e) {
                    LOGGER.atWarn().addKeyValue("failure", e.toString()).log("the brokers do not answer; tries again");
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("the topics can't be read any more");
        } finally {
            caughtUp = false;
            stopped.complete(null);
            var over = new IllegalStateException("the topics are not read any more");
            barriers.fail(over);
            consumer.close();
        }
    }

    private void turn() {
        lookForPartitions();
        probe();
        barriers.raise();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            take(record);
        }
        barriers.pass();
    }

    /** A consumer says nothing when no broker answers: it brings no records, as on quiet topics. */
    private void probe() {
        long now = clock.millis();
        if (caughtUp && Math.abs(now - probedMs) >= PROBE_MS) {
            probedMs = now;
            CompletableFuture<Void> heard = new CompletableFuture<>();
            var unused = heard.thenRun(() -> heardMs = clock.millis());
            barriers.add(heard);
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        long nowMs = Math.min(record.timestamp(), clock.millis());
        if (record.topic().equals(topics.rewards())) {
            takeReward(record, nowMs);
            return;
        }
        int slash = record.key() == null ? -1 : record.key().indexOf('/');
        if (slash < 0) {
            return; // the stream application puts it aside
        }
        String jobId = record.key().substring(0, slash);
        String groupId = record.key().substring(slash + 1);
        Header header = record.headers().lastHeader(MemberMark.HEADER);
        Optional<MemberMark> mark = header == null ? Optional.empty() : MemberMark.read(header.value());
        if (mark.isPresent()) {
            ledger.wrote(jobId, groupId, mark.get(), nowMs);
        } else {
            ledger.wroteForeign(jobId, groupId, nowMs);
        }
    }

    private void takeReward(ConsumerRecord<String, byte[]> record, long nowMs) {
        while (!closing) {
            try {
                ledger.ended(rewards.deserialize(record.topic(), record.value()), nowMs);
                return;
            } catch (UndecodableException e) {
                if (e.code() == UndecodableException.Code.UNKNOWN_SCHEMA_ID && clock.millis() - nowMs < LAG_MS) {
                    LOGGER.atWarn().addKeyValue("reason", e.getMessage()).log("a reward waits for its schema");
                    LockSupport.parkNanos(PAUSE.toNanos());
                    continue;
                }
                LOGGER.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("reason", e.getMessage())
                        .log("passed over a record that can't be read");
                return;
            } catch (RegistryUnavailableException e) {
                LOGGER.atWarn().addKeyValue("failure", e.getMessage()).log("a reward waits for the schema registry");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** All partitions: old ones go on where they are, new ones begin at their beginning. */
    private void lookForPartitions() {
        long now = clock.millis();
        if (now - lookedAtMs < LOOK_MS) {
            return;
        }
        lookedAtMs = now;
        ledger.forget(now);
        try {
            Set<TopicPartition> added = new HashSet<>(partitions());
            added.removeAll(consumer.assignment());
            if (!added.isEmpty()) {
                Set<TopicPartition> all = new HashSet<>(consumer.assignment());
                all.addAll(added);
                consumer.assign(all);
                consumer.seekToBeginning(added);
                LOGGER.atInfo().addKeyValue("partitions", added).log("reads new partitions too");
            }
        } catch (TimeoutException e) {
            LOGGER.atWarn().addKeyValue("failure", e.getMessage()).log("no broker says which partitions there are");
        }
    }

    private Set<TopicPartition> partitions() {
        Set<TopicPartition> all = new HashSet<>();
        for (String topic : List.of(topics.rollouts(), topics.rewards())) {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new ConfigError("there is no topic '" + topic + "': 'kritik topics create' makes it");
            }
            found.forEach(info -> all.add(new TopicPartition(topic, info.partition())));
        }
        return all;
    }

    private void begin(long sinceMs) {
        Set<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        // First the ends: what is written after this question is read in any case.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, sinceMs));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        partitions.forEach(partition -> {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? ends.get(partition) : first.offset());
        });
        lookedAtMs = clock.millis();
    }

    /** Stops reading; returns when it has stopped. */
    @Override
    public void close() {
        closing = true;
        if (!thread.isAlive()) {
            if (!stopped.isDone()) {
                consumer.close(); // never started
            }
            stopped.complete(null);
            return;
        }
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
