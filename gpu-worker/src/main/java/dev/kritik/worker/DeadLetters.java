/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.telemetry.CounterFamily;
import dev.kritik.telemetry.TraceLog;
import dev.kritik.worker.task.Task;

/** Puts tasks aside that can't be used, as they were read, with the reason in the headers. */
final class DeadLetters {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeadLetters.class);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final CounterFamily counted;

    DeadLetters(Producer<byte[], byte[]> producer, String topic, MeterRegistry meters) {
        this.producer = producer;
        this.topic = topic;
        this.counted = new CounterFamily(meters, "kritik.dead.letters", "Records put aside", "reason");
    }

    /**
     * Puts one aside. A value that is too large for the topic is left out, which the detail then says; it still stands
     * where it was read.
     *
     * @return completes when the broker has acknowledged it
     */
    CompletableFuture<Void> put(Task task, String reason, String detail) {
        counted.of(reason).increment();
        TraceLog.with(LOGGER.atWarn(), TraceHeaders.of(task.headers()))
                .addKeyValue("task", task.id())
                .addKeyValue("reason", reason)
                .addKeyValue("detail", detail)
                .log("a request can't be used and goes to the dead letters");
        CompletableFuture<Void> written = new CompletableFuture<>();
        send(task, task.value(), reason, detail, written);
        return written;
    }

    private void send(Task task, byte[] value, String reason, String detail, CompletableFuture<Void> written) {
        try {
            Headers headers = new RecordHeaders(task.headers().toArray());
            add(headers, DeadLetter.REASON, reason);
            add(headers, DeadLetter.DETAIL, detail);
            add(headers, DeadLetter.TOPIC, task.topic());
            add(headers, DeadLetter.PARTITION, Integer.toString(task.partition()));
            add(headers, DeadLetter.OFFSET, Long.toString(task.offset()));
            add(headers, DeadLetter.BY, "gpu-worker");
            var unused = producer.send(
                    new ProducerRecord<>(topic, null, task.key(), value, headers), (metadata, failure) -> {
                        if (failure == null) {
                            written.complete(null);
                        } else if (failure instanceof RecordTooLargeException && value != null) {
                            String more = detail + "; its " + value.length + " bytes are too many for this topic"
                                    + " (max.message.bytes) and are left out";
                            Thread.startVirtualThread(() -> send(task, null, reason, more, written));
                        } else {
                            written.completeExceptionally(failure);
                        }
                    });
        } catch (RuntimeException e) { // a closed producer, an interrupt
            written.completeExceptionally(e);
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
