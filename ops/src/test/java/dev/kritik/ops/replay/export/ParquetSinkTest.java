/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

class ParquetSinkTest {

    @TempDir
    private Path folder;

    private List<String> write(Path to, int first, int partition, long at) throws IOException {
        Files.createDirectories(to);
        try (ParquetSink sink = new ParquetSink(to, "rollouts", Rollout.getClassSchema(), 1_000, partition, at)) {
            for (int i = first; i < 50; i++) {
                if (i == 25) {
                    sink.end();
                    sink.begin(1);
                }
                sink.take(Rows.rollout(i / 25, i % 25));
            }
            sink.end();
            sink.finish();
        }
        return Parts.of(to, "rollouts", ".parquet").stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    @Test
    void partsEndWithTheirBytesAndWithThePartitionAndComeAgainWithTheSameBytes() throws IOException {
        // When
        List<String> parts = write(folder.resolve("one"), 0, 0, 0);
        List<String> again = write(folder.resolve("two"), 0, 0, 0);
        // one that was interrupted while it wrote the second part of partition 1
        for (String part : parts.subList(0, 4)) {
            Files.createDirectories(folder.resolve("three"));
            Files.copy(
                    folder.resolve("one").resolve(part), folder.resolve("three").resolve(part));
        }
        Files.writeString(folder.resolve("three").resolve("rollouts-00001-00001.parquet.unfinished"), "rest");
        List<String> gone = write(folder.resolve("three"), 35, 1, 1);

        // Then: ten records of 100 bytes fill a part
        assertThat(parts)
                .containsExactly(
                        "rollouts-00000-00000.parquet",
                        "rollouts-00000-00001.parquet",
                        "rollouts-00000-00002.parquet",
                        "rollouts-00001-00000.parquet",
                        "rollouts-00001-00001.parquet",
                        "rollouts-00001-00002.parquet");
        assertThat(again).isEqualTo(parts);
        assertThat(gone).isEqualTo(parts);
        for (String part : parts) {
            Path file = folder.resolve("one").resolve(part);
            assertThat(folder.resolve("two").resolve(part)).hasSameBinaryContentAs(file);
            assertThat(folder.resolve("three").resolve(part)).hasSameBinaryContentAs(file);
            byte[] bytes = Files.readAllBytes(file);
            assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
            assertThat(new String(bytes, bytes.length - 4, 4, StandardCharsets.US_ASCII))
                    .isEqualTo("PAR1");
        }
    }

    @Test
    void aTopicWithoutRecordsHasAPartWithoutRows() throws IOException {
        try (ParquetSink sink = new ParquetSink(folder, "rewards", GroupReward.getClassSchema(), 1_000, 0, 0)) {
            sink.end();
            sink.begin(1);
            sink.finish();
        }
        assertThat(folder.resolve("rewards-00000-00000.parquet")).isNotEmptyFile();
    }

    @Test
    void columnsAreThoseOfTheContract() {
        assertThat(ParquetSchema.of(Message.getClassSchema())).isEqualTo(MessageTypeParser.parseMessageType("""
                        message Message {
                          required binary topic (STRING);
                          required int32 partition;
                          required int64 offset;
                          required int64 timestamp_ms;
                          required binary role (STRING);
                          required binary content (STRING);
                        }"""));
        assertThat(ParquetSchema.of(Rollout.getClassSchema()).toString())
                .contains(
                        "optional group response_logprobs (LIST)",
                        "required float element",
                        "required group metadata (LIST)");
        assertThat(ParquetSchema.of(Critique.getClassSchema()).getFieldCount())
                .isEqualTo(4 + Critique.getClassSchema().getFields().size());
    }
}
