/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.UndecodableException.Code;

/** Whatever the bytes are: a record, or an {@link UndecodableException} with the right code; never more. */
class BadBytesTest {

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroDeserializer<Rollout> deserializer = new AvroDeserializer<>(registry, Rollout.class);
    private final byte[] good = new AvroSerializer<>(registry, Rollout.class).serialize("rollouts", Samples.rollout());

    @Test
    void noValue() {
        assertCode(null, Code.NULL_VALUE);
    }

    @Test
    void bytesOfSomethingElse() {
        assertCode(new byte[0], Code.NOT_FRAMED);
        assertCode(new byte[4], Code.NOT_FRAMED);
        assertCode("{\"job_id\":\"j\"}".getBytes(StandardCharsets.UTF_8), Code.NOT_FRAMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anIdThatTheRegistryDoesNotKnow(int id) {
        assertCode(framed(id, Arrays.copyOfRange(good, 5, good.length)), Code.UNKNOWN_SCHEMA_ID);
    }

    @Test
    void aSchemaThatCanNotBeReadAsOurs() {
        // Given
        int id = registry.register(
                "rollouts-value",
                SchemaBuilder.record("Rollout")
                        .namespace("x")
                        .fields()
                        .requiredInt("job_id")
                        .endRecord());

        // Then: each time, not only the first.
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> deserializer.deserialize("rollouts", framed(id, new byte[] {2})))
                    .isInstanceOfSatisfying(
                            UndecodableException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.INCOMPATIBLE_SCHEMA))
                    .hasMessageContaining("x.Rollout")
                    .hasMessageContaining("job_id");
        }
    }

    @Test
    void aRecordOfAnotherContract() {
        int id = registry.register("rollouts-value", GroupReward.getClassSchema());
        assertCode(framed(id, new byte[10]), Code.INCOMPATIBLE_SCHEMA);
    }

    @Test
    void cutShortAnywhere() {
        for (int length = 5; length < good.length; length++) {
            assertCode(Arrays.copyOf(good, length), Code.MALFORMED);
        }
    }

    @Test
    void somethingLeftOver() {
        assertCode(Arrays.copyOf(good, good.length + 1), Code.MALFORMED);
        assertCode(Arrays.copyOf(good, good.length + 100), Code.MALFORMED);
    }

    @Test
    void readsAGoodRecordAfterABadOne() {
        assertCode(Arrays.copyOf(good, good.length / 2), Code.MALFORMED);
        assertThat(deserializer.deserialize("rollouts", good)).isEqualTo(Samples.rollout());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {-1, 1_000, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void lengthsThatAreNotThere(long length) throws IOException {
        // A text, the messages of a rollout, its metadata: each claims to be long, and a few bytes follow.
        assertCode(framed(1, encode(encoder -> encoder.writeLong(length))), Code.MALFORMED);
        assertCode(
                framed(1, encode(encoder -> {
                    start(encoder);
                    encoder.writeLong(length);
                })),
                Code.MALFORMED);
        assertCode(
                framed(1, encode(encoder -> {
                    start(encoder);
                    encoder.writeLong(0);
                    encoder.writeString("response");
                    for (int i = 0; i < 6; i++) {
                        encoder.writeIndex(0);
                    }
                    encoder.writeLong(length);
                })),
                Code.MALFORMED);
    }

    @Test
    void aWritersFieldThatNestsWithoutEnd() {
        // Given: a newer writer added a list, which we skip; each byte 2 opens one more level.
        Schema list = SchemaBuilder.record("Nested")
                .fields()
                .name("next")
                .type()
                .unionOf()
                .nullType()
                .and()
                .type("Nested")
                .endUnion()
                .nullDefault()
                .endRecord();
        Schema newer = Schema.createRecord("Rollout", null, "dev.kritik.schema", false);
        List<Schema.Field> fields = new ArrayList<>(List.of(new Schema.Field("nested", list, null)));
        Rollout.getClassSchema().getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        newer.setFields(fields);
        int id = registry.register("rollouts-value", newer);
        byte[] deep = new byte[5_000_000];
        Arrays.fill(deep, (byte) 2);

        // Then
        assertCode(framed(id, deep), Code.MALFORMED);
        assertThat(deserializer.deserialize("rollouts", framed(id, concat(new byte[1], good))))
                .isEqualTo(Samples.rollout());
    }

    @Test
    void anythingAtAll() {
        long seed = System.nanoTime();
        System.out.println("BadBytesTest.anythingAtAll seed " + seed);
        var random = new Random(seed);
        List<AvroDeserializer<?>> all = List.of(
                deserializer,
                new AvroDeserializer<>(registry, CritiqueRequest.class),
                new AvroDeserializer<>(registry, Critique.class),
                new AvroDeserializer<>(registry, GroupReward.class));
        List.of(CritiqueRequest.getClassSchema(), Critique.getClassSchema(), GroupReward.getClassSchema())
                .forEach(schema -> registry.register("s", schema));
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = i % 2 == 0 ? damaged(random) : noise(random);
            // When, then
            try {
                assertThat(all.get(i % all.size()).deserialize("rollouts", bytes))
                        .isNotNull();
            } catch (UndecodableException e) {
                assertThat(e.code()).isNotNull();
            }
        }
    }

    private byte[] damaged(Random random) {
        byte[] bytes = good.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
    }

    private byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return framed(1 + random.nextInt(4), bytes);
    }

    private void assertCode(byte[] bytes, Code code) {
        assertThatThrownBy(() -> deserializer.deserialize("rollouts", bytes))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageStartingWith(code + ": ");
    }

    @FunctionalInterface
    private interface Encoding {
        void write(BinaryEncoder encoder) throws IOException;
    }

    private static byte[] encode(Encoding encoding) throws IOException {
        var out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        encoding.write(encoder);
        out.write(new byte[] {2, 65, 2, 65});
        return out.toByteArray();
    }

    /** A rollout up to its messages. */
    private static void start(BinaryEncoder encoder) throws IOException {
        encoder.writeString("job");
        encoder.writeString("group");
        encoder.writeInt(0);
        encoder.writeInt(0);
        encoder.writeInt(1);
    }

    private static byte[] framed(int id, byte[] body) {
        var out = new ByteArrayOutputStream();
        WireFormat.writeHeader(out, id);
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] framed) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.write(framed, 5, framed.length - 5);
        return out.toByteArray();
    }
}
