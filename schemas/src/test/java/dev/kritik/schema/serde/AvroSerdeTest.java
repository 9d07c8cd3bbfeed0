/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;

class AvroSerdeTest {

    private final InMemorySchemaRegistry memory = new InMemorySchemaRegistry();
    private final AtomicInteger calls = new AtomicInteger();
    private final SchemaRegistry registry = new SchemaRegistry() {
        @Override
        public int register(String subject, Schema schema) {
            calls.incrementAndGet();
            assertThat(subject).isEqualTo("team.rollouts-value");
            return memory.register(subject, schema);
        }

        @Override
        public Schema schemaById(int id) {
            calls.incrementAndGet();
            return memory.schemaById(id);
        }
    };
    private final Serde<Rollout> serde = AvroSerde.of(registry, Rollout.class);

    @Test
    void readsBackWhatItWrote() {
        // Given
        Rollout rollout = Samples.rollout();

        // When
        byte[] bytes = serde.serializer().serialize("team.rollouts", rollout);
        Rollout read = serde.deserializer().deserialize("team.rollouts", bytes);

        // Then
        assertThat(bytes).startsWith(0, 0, 0, 0, 1);
        assertThat(read).isEqualTo(rollout);
        Object key = read.getMetadata().keySet().iterator().next();
        assertThat(key).isInstanceOf(String.class);
    }

    @Test
    void asksTheRegistryOncePerTopicAndSchema() {
        // When
        for (int i = 0; i < 10; i++) {
            byte[] bytes = serde.serializer().serialize("team.rollouts", Samples.rollout());
            serde.deserializer().deserialize("team.rollouts", bytes);
        }

        // Then
        assertThat(calls).hasValue(2);
    }

    @Test
    void registersASchemaWithoutJavasProperties() {
        // When
        serde.serializer().serialize("team.rollouts", Samples.rollout());

        // Then
        assertThat(memory.schemaById(1).toString()).doesNotContain("avro.java").contains("\"doc\"");
    }

    @Test
    void writesNullAsNullForStatesOfKafkaStreams() {
        assertThat(serde.serializer().serialize("team.rollouts", null)).isNull();
    }

    @Test
    void namesTheFieldThatAnUnfinishedRecordLacks() {
        assertThatThrownBy(() -> serde.serializer().serialize("team.rollouts", new Rollout()))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Rollout")
                .hasMessageContaining("job_id");
    }

    @Test
    void letsThroughThatTheRegistryIsDownAndAsksAgainNextTime() {
        // Given
        byte[] bytes = serde.serializer().serialize("team.rollouts", Samples.rollout());
        AtomicInteger failures = new AtomicInteger(1);
        SchemaRegistry failing = new SchemaRegistry() {
            @Override
            public int register(String subject, Schema schema) {
                return fail(() -> memory.register(subject, schema));
            }

            @Override
            public Schema schemaById(int id) {
                return fail(() -> memory.schemaById(id));
            }

            private <T> T fail(Supplier<T> call) {
                if (failures.getAndDecrement() > 0) {
                    throw new RegistryUnavailableException("down");
                }
                return call.get();
            }
        };
        Serde<Rollout> other = AvroSerde.of(failing, Rollout.class);

        // Then
        assertThatThrownBy(() -> other.deserializer().deserialize("team.rollouts", bytes))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThat(other.deserializer().deserialize("team.rollouts", bytes)).isEqualTo(Samples.rollout());
        failures.set(1);
        assertThatThrownBy(() -> other.serializer().serialize("team.rollouts", Samples.rollout()))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThat(other.serializer().serialize("team.rollouts", Samples.rollout()))
                .isEqualTo(bytes);
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        // Given
        List<Callable<Rollout>> work = Collections.nCopies(
                2_000,
                () -> serde.deserializer()
                        .deserialize(
                                "team.rollouts", serde.serializer().serialize("team.rollouts", Samples.rollout())));

        // When
        List<Rollout> read = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Rollout> future : threads.invokeAll(work)) {
                read.add(future.get());
            }
        }

        // Then
        assertThat(read).hasSize(2_000).containsOnly(Samples.rollout());
    }

    @Test
    void oneSchemaHasOneIdUnderAllSubjects() {
        assertThat(memory.register("a", Rollout.getClassSchema()))
                .isEqualTo(memory.register("b", Rollout.getClassSchema()))
                .isNotEqualTo(memory.register("a", CritiqueRequest.getClassSchema()));
    }
}
