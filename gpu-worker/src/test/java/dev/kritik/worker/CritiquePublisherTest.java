/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;

class CritiquePublisherTest {

    private static final String TOPIC = "critiques";
    private static final CritiqueRequest REQUEST = Requests.request("g", 2, 1);

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(cluster(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CritiquePublisher publisher = new CritiquePublisher(producer, registry, TOPIC);

    private static Cluster cluster() {
        Node node = new Node(0, "localhost", 1);
        Node[] nodes = {node};
        List<PartitionInfo> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new PartitionInfo(TOPIC, partition, node, nodes, nodes))
                .toList();
        return new Cluster("test", List.of(node), partitions, Set.of(), Set.of());
    }

    private static Critique critique(String text) {
        return Critique.newBuilder(
                        Requests.critique(REQUEST, REQUEST.getSamples().getFirst(), 1, "w"))
                .setRawText(text)
                .build();
    }

    private Critique written(int index) {
        ProducerRecord<byte[], byte[]> record = producer.history().get(index);
        return new AvroDeserializer<>(registry, Critique.class).deserialize(TOPIC, record.value());
    }

    @Test
    void writesToThePartitionOfTheRequestUnderTheKeyOfTheGroup() {
        // When
        var written = publisher.publish(2, critique("text"), Optional.empty());

        // Then
        assertThat(written).isNotDone();
        producer.completeNext();
        assertThat(written).isCompleted();
        ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
        assertThat(record.partition()).isEqualTo(2);
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("job/g");
        assertThat(written(0)).isEqualTo(critique("text"));
    }

    @Test
    void halvesTheTextUntilTheBrokerTakesIt() {
        // Given
        String text = "abc" + "🌙".repeat(500) + "x";
        var written = publisher.publish(0, critique(text), Optional.empty());

        // When
        producer.errorNext(new RecordTooLargeException("too large"));
        await().until(() -> producer.errorNext(new RecordTooLargeException("too large")));
        await().until(producer::completeNext);

        // Then
        assertThat(written).succeedsWithin(Duration.ofSeconds(5));
        Critique last = written(2);
        assertThat(last.getRawText())
                .isEqualTo(text.substring(0, last.getRawText().length()));
        assertThat(last.getRawText().length()).isBetween(245, 251);
        assertThat(last.getRawText().codePoints()).doesNotContain(0xD83C);
        assertThat(last.getDetail())
                .isEqualTo("raw_text is cut to its first " + last.getRawText().length()
                        + " characters: the broker takes no larger record");
        assertThat(last.getStatus()).isEqualTo(critique(text).getStatus());
    }

    @Test
    void saysWhenTheBrokerDoesNotTakeIt() {
        // Given
        var written = publisher.publish(0, critique("text"), Optional.empty());

        // When
        producer.errorNext(new TimeoutException("no broker"));

        // Then
        assertThatThrownBy(written::join).hasRootCauseInstanceOf(TimeoutException.class);
    }
}
