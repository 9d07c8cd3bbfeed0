/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.worker.task.Backoff;
import dev.kritik.worker.task.Task;

class RequestHandlerTest {

    private static final String REQUESTS = "critique-requests";
    private static final String CRITIQUES = "critiques";
    private static final TraceContext TRACE =
            new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, "a=1");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());

    private static Cluster cluster() {
        Node node = new Node(0, "localhost", 1);
        Node[] nodes = {node};
        return new Cluster(
                "test",
                List.of(node),
                List.of(
                        new PartitionInfo(CRITIQUES, 0, node, nodes, nodes),
                        new PartitionInfo("dead-letters", 0, node, nodes, nodes)),
                Set.of(),
                Set.of());
    }

    private RequestHandler handler(SchemaRegistry with, Judging judging) {
        return new RequestHandler(
                with,
                judging,
                new CritiquePublisher(producer, registry, CRITIQUES),
                new DeadLetters(producer, "dead-letters", new SimpleMeterRegistry()),
                "w1",
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
    }

    private Task task(CritiqueRequest request, int delivery) {
        return task(new AvroSerializer<>(registry, CritiqueRequest.class).serialize(REQUESTS, request), delivery);
    }

    private static Task task(byte[] value, int delivery) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", "abc".getBytes(StandardCharsets.UTF_8));
        TraceHeaders.put(headers, TRACE);
        return new Task(REQUESTS, 3, 42, "key".getBytes(StandardCharsets.UTF_8), value, headers, delivery);
    }

    private List<Critique> critiques() {
        var deserializer = new AvroDeserializer<>(registry, Critique.class);
        return producer.history().stream()
                .filter(record -> record.topic().equals(CRITIQUES))
                .map(record -> deserializer.deserialize(CRITIQUES, record.value()))
                .toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private ProducerRecord<byte[], byte[]> onlyDeadLetter() {
        assertThat(producer.history()).hasSize(1);
        ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
        assertThat(letter.topic()).isEqualTo("dead-letters");
        return letter;
    }

    @Test
    void endsWhenEachSampleHasItsCritiqueOnTheBroker() {
        // When
        var handled = handler(registry, new Requests.InstantJudging()).handle(task(Requests.request("g", 0, 3), 2));

        // Then
        assertThat(handled).succeedsWithin(Duration.ofSeconds(5));
        assertThat(critiques()).extracting(Critique::getSample).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(critiques()).allSatisfy(critique -> {
            assertThat(critique.getWorker()).isEqualTo("w1");
            assertThat(critique.getDelivery()).isEqualTo(2);
        });
    }

    @Test
    void eachCritiqueIsAHopOfItsOwnInTheTraceOfTheRequest() {
        // When
        RequestHandler handler = handler(registry, new Requests.InstantJudging());
        assertThat(handler.handle(task(Requests.request("g", 0, 3), 1))).succeedsWithin(Duration.ofSeconds(5));
        assertThat(handler.handle(task(Requests.request("g", 0, 3), 2))).succeedsWithin(Duration.ofSeconds(5));

        // Then
        List<TraceContext> hops = producer.history().stream()
                .map(record -> TraceHeaders.of(record.headers()).orElseThrow())
                .toList();
        assertThat(hops).hasSize(6).doesNotHaveDuplicates().allSatisfy(hop -> {
            assertThat(hop.traceId()).isEqualTo(TRACE.traceId());
            assertThat(hop.spanId()).isNotEqualTo(TRACE.spanId());
            assertThat(hop.state()).isEqualTo("a=1");
        });
    }

    @Test
    void failsWhenACritiqueDoesNotReachTheBroker() {
        // Given
        producer.sendException = new TimeoutException("no broker");

        // When
        var handled = handler(registry, new Requests.InstantJudging()).handle(task(Requests.request("g", 0, 3), 1));

        // Then
        assertThat(handled)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("no broker");
    }

    @Test
    void putsUndecodableBytesAsideAsTheyWereRead() {
        // Given
        byte[] poison = {7, 7, 7};

        // When
        var handled = handler(registry, new Requests.InstantJudging()).handle(task(poison, 1));

        // Then
        assertThat(handled).succeedsWithin(Duration.ofSeconds(5));
        ProducerRecord<byte[], byte[]> letter = onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(poison);
        assertThat(letter.key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("NOT_FRAMED");
        assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(REQUESTS);
        assertThat(header(letter, DeadLetter.PARTITION)).isEqualTo("3");
        assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("42");
        assertThat(header(letter, DeadLetter.BY)).isEqualTo("gpu-worker");
        assertThat(header(letter, "trace")).isEqualTo("abc");
        assertThat(header(letter, "traceparent")).isEqualTo(TRACE.parent());
    }

    @Test
    void putsARequestAsideThatWantsItsCritiquesOnAPartitionThatIsNotThere() {
        // When
        var handled = handler(registry, new Requests.InstantJudging()).handle(task(Requests.request("g", 9, 1), 1));

        // Then
        assertThat(handled).succeedsWithin(Duration.ofSeconds(5));
        assertThat(header(onlyDeadLetter(), DeadLetter.REASON)).isEqualTo("INVALID_REQUEST");
        assertThat(header(onlyDeadLetter(), DeadLetter.DETAIL)).contains("partition 9");
    }

    @Test
    void waitsForARegistryThatIsAway() {
        // Given
        AtomicInteger asked = new AtomicInteger();
        SchemaRegistry flaky = new SchemaRegistry() {
            @Override
            public int register(String subject, Schema schema) {
                return registry.register(subject, schema);
            }

            @Override
            public Schema schemaById(int id) {
                if (asked.incrementAndGet() <= 5) {
                    throw new RegistryUnavailableException("away");
                }
                return registry.schemaById(id);
            }
        };

        // When
        var handled = handler(flaky, new Requests.InstantJudging()).handle(task(Requests.request("g", 0, 1), 1));

        // Then
        assertThat(handled).succeedsWithin(Duration.ofSeconds(5));
        assertThat(asked).hasValue(6);
        assertThat(critiques()).hasSize(1);
    }

    @Test
    void answersEachSampleOfATaskThatIsGivenUp() {
        // When
        var answered = handler(registry, new Requests.InstantJudging())
                .giveUp(task(Requests.request("g", 0, 2), 5), new IllegalStateException("no luck"));

        // Then
        assertThat(answered).succeedsWithin(Duration.ofSeconds(5));
        assertThat(critiques()).hasSize(2).allSatisfy(critique -> {
            assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.FAILED);
            assertThat(critique.getReason()).isEqualTo("DELIVERIES_EXHAUSTED");
            assertThat(critique.getDetail()).contains("5 deliveries").contains("no luck");
        });
    }

    @Test
    void stopsTheJudgeAndWritesNothingMoreWhenCancelled() {
        // Given
        CompletableFuture<Void> judged = new CompletableFuture<>();
        CompletableFuture<Consumer<Critique>> sink = new CompletableFuture<>();
        Judging slow = new Judging() {
            @Override
            public CompletableFuture<Void> critique(CritiqueRequest request, Delivery delivery, Consumer<Critique> to) {
                sink.complete(to);
                return judged;
            }

            @Override
            public void fail(
                    CritiqueRequest request, Delivery delivery, String reason, String detail, Consumer<Critique> to) {
                throw new AssertionError("not asked for");
            }
        };
        CritiqueRequest request = Requests.request("g", 0, 1);
        var handled = handler(registry, slow).handle(task(request, 1));
        Consumer<Critique> late = sink.join();

        // When
        handled.cancel(true);
        late.accept(Requests.critique(request, request.getSamples().getFirst(), 1, "w1"));

        // Then
        await().until(judged::isCancelled);
        assertThat(producer.history()).isEmpty();
    }
}
