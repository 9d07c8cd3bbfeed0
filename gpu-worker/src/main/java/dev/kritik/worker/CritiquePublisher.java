/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.kritik.schema.Critique;
import dev.kritik.schema.Keys;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * Writes critiques. One that is too large for the broker loses text of the judge, never its scores: {@code raw_text} is
 * halved until it fits, and {@code detail} says so.
 */
final class CritiquePublisher {

    private static final Logger LOGGER = LoggerFactory.getLogger(CritiquePublisher.class);

    private final Producer<byte[], byte[]> producer;
    private final AvroSerializer<Critique> serializer;
    private final String topic;

    CritiquePublisher(Producer<byte[], byte[]> producer, SchemaRegistry registry, String topic) {
        this.producer = producer;
        this.serializer = new AvroSerializer<>(registry, Critique.class);
        this.topic = topic;
    }

    /** Partitions of the topic. Waits for the broker when it is asked for the first time. */
    int partitions() {
        return producer.partitionsFor(topic).size();
    }

    /**
     * Writes one critique.
     *
     * @param trace the hop of a trace that this is
     * @return completes when the broker has acknowledged it
     */
    CompletableFuture<Void> publish(int partition, Critique critique, Optional<TraceContext> trace) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        send(partition, critique, trace, written);
        return written;
    }

    private void send(int partition, Critique critique, Optional<TraceContext> trace, CompletableFuture<Void> written) {
        try {
            byte[] key = Keys.of(critique.getJobId(), critique.getGroupId()).getBytes(StandardCharsets.UTF_8);
            var record = new ProducerRecord<>(topic, partition, key, serializer.serialize(topic, critique));
            trace.ifPresent(context -> TraceHeaders.put(record.headers(), context));
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.complete(null);
                } else if (failure instanceof RecordTooLargeException && critique.getRawText() != null) {
                    // Not on the producer's own thread: it may not wait for the buffer that only it empties.
                    Thread.startVirtualThread(() -> send(partition, shorter(critique), trace, written));
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) { // the registry, a closed producer, an interrupt
            written.completeExceptionally(e);
        }
    }

    private static Critique shorter(Critique critique) {
        String text = critique.getRawText();
        int end = text.length() / 2;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        LOGGER.atWarn()
                .addKeyValue("requestId", critique.getRequestId())
                .addKeyValue("sample", critique.getSample())
                .addKeyValue("characters", text.length())
                .addKeyValue("keep", end)
                .log("the text of a critique is cut: the broker takes no record so large (max.message.bytes)");
        String note = "raw_text is cut to its first " + end + " characters: the broker takes no larger record";
        return Critique.newBuilder(critique)
                .setRawText(end == 0 ? null : text.substring(0, end))
                .setDetail(withNote(critique.getDetail(), note))
                .build();
    }

    private static String withNote(String detail, String note) {
        if (detail == null) {
            return note;
        }
        int earlier = detail.indexOf("raw_text is cut to its first ");
        return earlier < 0 ? detail + "; " + note : detail.substring(0, earlier) + note;
    }
}
