/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.SchemaRegistry;

class AvroSerdeTest {

    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private final Serde<Rollout> serde = AvroSerde.of(registry, Rollout.class);

    @Test
    void readsBackWhatItWrote() {
        // Given
        Rollout rollout = Rollout.newBuilder()
                .setJobId("job")
                .setGroupId("g1")
                .setIndex(0)
                .setGroupSize(2)
                .setMessages(List.of(new Message("user", "How far is the moon? 月 🌙")))
                .setResponse("384 400 km")
                .setMetadata(Map.of("domain", "astronomy"))
                .build();

        // When
        byte[] bytes = serde.serializer().serialize("rollouts", rollout);

        // Then
        assertThat(bytes).startsWith(0, 0, 0, 0, 1);
        Rollout read = serde.deserializer().deserialize("rollouts", bytes);
        assertThat(read).isEqualTo(rollout);
        assertThat((Object) read.getMetadata().keySet().iterator().next()).isInstanceOf(String.class);
    }

    @Test
    void registersASchemaWithoutJavasProperties() {
        // When
        int id = registry.register("rollouts-value", Rollout.getClassSchema());

        // Then
        assertThat(registry.schemaById(id).toString())
                .doesNotContain("avro.java")
                .contains("\"doc\"");
    }
}
