/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.PlainSchema;
import dev.kritik.schema.registry.SchemaRegistry;

/**
 * Bytes from Confluent's own Python client ({@code src/test/python/make_confluent_fixture.py} writes the fixtures). What
 * Java writes here is left in {@code target/confluent}, where that script's {@code --check} reads it with Confluent's
 * deserializer.
 */
class ConfluentFixtureTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path WRITTEN = Path.of(System.getProperty("kritik.root"), "schemas/target/confluent");

    @Test
    void readsARolloutOfConfluentsClientAndWritesTheSameBytes() throws IOException {
        Rollout rollout = roundTrip("rollout", Rollout.class);
        assertThat(rollout.getMessages().get(1).getContent()).endsWith("🌙");
        assertThat(rollout.getPolicyVersion()).isEqualTo(9_007_199_254_740_993L);
        assertThat(rollout.getLabel()).isNull();
        assertThat(rollout.getMetadata()).containsEntry("domain", "astronomía");
    }

    @Test
    void readsAGroupRewardOfConfluentsClientAndWritesTheSameBytes() throws IOException {
        GroupReward reward = roundTrip("group-reward", GroupReward.class);
        assertThat(reward.getStatus()).isEqualTo(GroupStatus.PARTIAL);
        assertThat(reward.getMembers().get(2).getReward()).isNull();
        assertThat(reward.getVotes().get(0).getMetaLogit()).isEqualTo(-1.25);
    }

    private static <T extends SpecificRecord> T roundTrip(String name, Class<T> type) throws IOException {
        // Given
        ObjectNode fixture;
        try (InputStream in = ConfluentFixtureTest.class.getResourceAsStream("/confluent/" + name + ".json")) {
            fixture = (ObjectNode) JSON.readTree(in);
        }
        byte[] bytes = HexFormat.of().parseHex(fixture.path("hex").asText());
        int id = fixture.path("schema_id").asInt();
        Schema written = new Schema.Parser().parse(fixture.path("schema").asText());
        Serde<T> serde = AvroSerde.of(numbering(written, id), type);

        // When
        T read = serde.deserializer().deserialize(fixture.path("topic").asText(), bytes);
        byte[] again = serde.serializer().serialize(fixture.path("topic").asText(), read);

        // Then
        JsonNode value = JSON.readTree(read.toString());
        assertThat(value).isEqualTo(fixture.path("value"));
        assertThat(HexFormat.of().formatHex(again))
                .isEqualTo(fixture.path("hex").asText());
        fixture.put("writer", "Java")
                .put("hex", HexFormat.of().formatHex(again))
                .put("schema", PlainSchema.text(read.getSchema()));
        Files.createDirectories(WRITTEN);
        Files.writeString(WRITTEN.resolve(name + ".json"), fixture.toString());
        return read;
    }

    private static SchemaRegistry numbering(Schema schema, int number) {
        return new SchemaRegistry() {
            @Override
            public int register(String subject, Schema ours) {
                assertThat(PlainSchema.text(ours))
                        .as("the schema that Confluent's client registered")
                        .isEqualTo(PlainSchema.text(schema));
                return number;
            }

            @Override
            public Schema schemaById(int id) {
                assertThat(id).isEqualTo(number);
                return schema;
            }
        };
    }
}
