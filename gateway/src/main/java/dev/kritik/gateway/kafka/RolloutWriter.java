/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.kafka;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.gateway.jobs.MemberMark;
import dev.kritik.gateway.jobs.Writer;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.telemetry.RoleMeters;
import dev.kritik.telemetry.TraceLog;

/** Writes rollouts to the topic, one thread for all: a producer that waits for the brokers holds up no caller. */
public final class RolloutWriter implements Writer, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RolloutWriter.class);

    /** Far above what the stream application takes: it says what is too large. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private static final long BUFFER_BYTES = 64L << 20;
    private static final int DELIVERY_MS = 25_000;
    private static final int BLOCK_MS = 10_000;

    private final Producer<String, Rollout> producer;
    private final String topic;
    private final ThreadPoolExecutor thread;
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Void> forbidden = new CompletableFuture<>();

    /** Writes with this producer, which is closed with the writer. At most so many groups stand in line, with so much text. */
    RolloutWriter(Producer<String, Rollout> producer, String topic, int queue, long mostBytes) {
        this.producer = producer;
        this.topic = topic;
        this.mostBytes = mostBytes;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name("kritik-gateway-writer").daemon().factory());
    }

    /**
     * A writer for an installation.
     *
     * @param meters where the figures of its producer stand
     */
    public static RolloutWriter open(
            KafkaSettings kafka, SchemaRegistry registry, int queue, long mostBytes, RoleMeters meters) {
        Map<String, Object> settings = kafka.writingRollouts(
                "kritik-gateway",
                Map.of(
                        // Callers wait for a judge: two milliseconds to fill a batch are nothing to them.
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES,
                        // Room for a burst of large groups.
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        BUFFER_BYTES,
                        // A client that hears in half a minute that nothing was written can try elsewhere; the default
                        // is 2 min.
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        DELIVERY_MS,
                        // Must be shorter than the above.
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        BLOCK_MS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        BLOCK_MS));
        var producer =
                new KafkaProducer<>(settings, new StringSerializer(), new AvroSerializer<>(registry, Rollout.class));
        meters.add(new KafkaClientMetrics(producer));
        return new RolloutWriter(producer, kafka.topics().rollouts(), queue, mostBytes);
    }

    @Override
    public CompletionStage<Void> write(List<Map.Entry<Rollout, MemberMark>> rollouts, Optional<TraceContext> trace) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long size = size(rollouts);
        // One group is always taken, however large.
        if (bytes.getAndAdd(size) > 0 && bytes.get() > mostBytes) {
            bytes.addAndGet(-size);
            done.completeExceptionally(new Refused("too many bytes stand in line to be written", false, null));
            return done;
        }
        try {
            thread.execute(() -> {
                try {
                    send(rollouts, trace, done);
                } finally {
                    bytes.addAndGet(-size);
                }
            });
        } catch (RejectedExecutionException e) {
            bytes.addAndGet(-size);
            done.completeExceptionally(new Refused("too many groups stand in line to be written", false, e));
        }
        return done;
    }

    /** About what a group takes while it stands in line: members share all but response and label. */
    private static long size(List<Map.Entry<Rollout, MemberMark>> rollouts) {
        Rollout first = rollouts.getFirst().getKey();
        long size = length(first.getReference());
        size += first.getMessages().stream()
                .mapToLong(message -> length(message.getContent()))
                .sum();
        size += first.getMetadata().values().stream()
                .mapToLong(RolloutWriter::length)
                .sum();
        for (Map.Entry<Rollout, MemberMark> member : rollouts) {
            size += length(member.getKey().getResponse())
                    + length(member.getKey().getLabel());
        }
        return size;
    }

    private static long length(String text) {
        return text == null ? 0 : text.length();
    }

    private void send(
            List<Map.Entry<Rollout, MemberMark>> rollouts, Optional<TraceContext> trace, CompletableFuture<Void> done) {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (Map.Entry<Rollout, MemberMark> member : rollouts) {
            CompletableFuture<Void> one = send(member, trace);
            sent.add(one);
            if (one.isCompletedExceptionally()) {
                break; // each may have waited for the brokers in vain, and others stand in line
            }
        }
        var unused = CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(failure.getCause());
                    }
                });
    }

    private CompletableFuture<Void> send(Map.Entry<Rollout, MemberMark> member, Optional<TraceContext> trace) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Rollout rollout = member.getKey();
        try {
            var record = new ProducerRecord<>(topic, Keys.of(rollout.getJobId(), rollout.getGroupId()), rollout);
            record.headers().add(MemberMark.HEADER, member.getValue().bytes());
            trace.ifPresent(context -> TraceHeaders.put(record.headers(), context));
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(refused(rollout, trace, failure));
                }
            });
        } catch (RuntimeException e) { // no answer from the registry, or a closed producer
            done.completeExceptionally(refused(rollout, trace, e));
        }
        return done;
    }

    /** Completes when brokers don't let this user write, for lack of a right. */
    public CompletionStage<Void> forbidden() {
        return forbidden.minimalCompletionStage();
    }

    private Refused refused(Rollout rollout, Optional<TraceContext> trace, Exception failure) {
        TraceLog.with(LOGGER.atWarn(), trace)
                .addKeyValue("jobId", rollout.getJobId())
                .addKeyValue("groupId", rollout.getGroupId())
                .addKeyValue("index", rollout.getIndex())
                .addKeyValue("failure", failure.toString())
                .log("a rollout could not be written");
        if (failure instanceof AuthorizationException) {
            forbidden.complete(null);
        }
        boolean tooLarge = failure instanceof RecordTooLargeException;
        String what = "Kafka or the schema registry gives no answer";
        if (tooLarge) {
            what = failure.getMessage();
        } else if (failure instanceof AuthorizationException) {
            what = "Kafka does not let this gateway write";
        }
        return new Refused("response " + rollout.getIndex() + ": " + what, tooLarge, failure);
    }

    /** Writes what was taken in, within this time, and ends. */
    public void close(Duration atMost) {
        thread.shutdown();
        long end = System.nanoTime() + atMost.toNanos();
        try {
            if (!thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }
}
