/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SafetensorsTest {

    private static final String TWO = """
            {"__metadata__": {"format": "pt"},
             "b": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
             "a": {"dtype": "BF16", "shape": [4], "data_offsets": [24, 32]}}
            """;

    @TempDir
    Path folder;

    @Test
    void readsWhereTensorsLie() throws IOException {
        Path file = write(TWO, 32);
        long data = 8L + TWO.length();

        Map<String, Safetensors.Entry> tensors = Safetensors.read(file);

        assertThat(tensors.keySet()).containsExactly("a", "b");
        assertThat(tensors.get("a").info())
                .isEqualTo(new TensorInfo("a", file, StoredType.BF16, List.of(4L), data + 24, 8));
        assertThat(tensors.get("b").info())
                .isEqualTo(new TensorInfo("b", file, StoredType.F32, List.of(2L, 3L), data, 24));
    }

    @Test
    void readsTensorsBeyondTwoGigabytes() throws IOException {
        long big = 5L << 30;
        Path file = write("""
                {"big": {"dtype": "F16", "shape": [%d], "data_offsets": [0, %d]},
                 "last": {"dtype": "F32", "shape": [], "data_offsets": [%d, %d]}}
                """.formatted(big / 2, big, big, big + 4), big + 4);

        Map<String, Safetensors.Entry> tensors = Safetensors.read(file);

        assertThat(tensors.get("big").info().length()).isEqualTo(big);
        assertThat(tensors.get("last").info().offset()).isEqualTo(Files.size(file) - 4);
        assertThat(tensors.get("last").info().shape()).isEmpty();
    }

    @Test
    void tensorsOfOtherTypesHarmOnlyThoseWhoAskForThem() throws IOException {
        Path file = write("""
                {"ids": {"dtype": "I64", "shape": [2], "data_offsets": [0, 16]},
                 "new": {"dtype": "F3_NEW", "shape": [7], "data_offsets": [16, 20]}}
                """, 20);

        Map<String, Safetensors.Entry> tensors = Safetensors.read(file);

        assertThat(tensors).containsOnlyKeys("ids", "new");
        assertThatThrownBy(() -> tensors.get("ids").info())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("ids")
                .hasMessageContaining("I64");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}                      | 4   | can't have 4 bytes
                    {"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}} | 0   | can't have 0 bytes
                    {"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}                     | 4   | malformed
                    {"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}                    | 4   | malformed
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}                     | 4   | malformed
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}                         | 4   | malformed
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 99999999999999999999]}}   | 4   | malformed
                    {"a": {"shape": [1], "data_offsets": [0, 4]}}                                      | 4   | malformed
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}                      | 4   | before it begins
                    {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}                      | 4   | cut off
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}                      | 5   | tensors end at
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}                      | 8   | expected
                    {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}} | 8 | where the one before it ends
                    {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}} | 4 | Duplicate
                    []                                                                                 | 0   | no JSON object
                    {"a": {"dtype"                                                                     | 0   | can't be read
                    """)
    void whatCannotBeIsRefused(String header, long dataBytes, String message) throws IOException {
        Path file = write(header, dataBytes);

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"5, cut off", "20, cut off", "8, cut off"})
    void aFileThatEndsInItsHeaderIsCutOff(int bytes, String message) throws IOException {
        Path file = write(TWO, 32);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(bytes);
        }

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "100000001", "9223372036854775807"})
    void aHeaderOfAbsurdLengthIsNotRead(long length) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Path file = Files.write(folder.resolve("absurd.safetensors"), bytes.array());

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no safetensors file");
    }

    private Path write(String header, long dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("model.safetensors");
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.writeLong(Long.reverseBytes(json.length));
            access.write(json);
            access.setLength(8 + json.length + dataBytes); // sparse: costs nothing
        }
        return file;
    }
}
