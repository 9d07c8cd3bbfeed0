/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.kritik.lm.checkpoint.SafetensorsWriter.Tensor;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    @Test
    void writesTheBytesOfTheReferenceImplementation() throws IOException {
        // Given: what safetensors.torch.save_file(tensors, file, metadata={"format": "pt"}) of Python writes
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}    ";
        Path file = folder.resolve("m.safetensors");

        // When
        SafetensorsWriter.write(file, List.of(tensor("b", List.of(), 3), tensor("a", List.of(2L, 1L), 1, -2)));

        // Then
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.length() % 8).isZero();
        assertThat(bytes.getLong()).isEqualTo(header.length());
        byte[] written = new byte[header.length()];
        bytes.get(written);
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(header);
        assertThat(List.of(bytes.getFloat(), bytes.getFloat(), bytes.getFloat()))
                .containsExactly(1f, -2f, 3f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void tensorsThatNeedSeveralChunksComeBackWhole() throws IOException {
        float[] values = new float[150_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 0.5f;
        }
        Path file = folder.resolve("m.safetensors");

        SafetensorsWriter.write(file, List.of(tensor("big", List.of(150_001L), values), tensor("c", List.of(1L), 7)));

        TensorInfo big = Safetensors.read(file).get("big").info();
        FloatBuffer read = ByteBuffer.wrap(Files.readAllBytes(file), (int) big.offset(), (int) big.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        assertThat(read).isEqualTo(FloatBuffer.wrap(values));
    }

    @Test
    void smallerTypesHoldTheNearestNumbers() throws IOException {
        // Given: halfway cases go to the even neighbour; what is too large for float16 is infinite
        float[] values = {1, -1 - 1 / 256f, 1 + 3 / 256f, 3.0e-39f, 1e5f, Float.NaN, Float.NEGATIVE_INFINITY, 3.4e38f};
        Path file = folder.resolve("m.safetensors");

        // When
        SafetensorsWriter.write(file, StoredType.BF16, List.of(tensor("a", List.of(8L), values)));
        ByteBuffer bfloat16 = values(file);
        SafetensorsWriter.write(file, StoredType.F16, List.of(tensor("a", List.of(8L), values)));
        ByteBuffer float16 = values(file);

        // Then
        assertThat(shorts(bfloat16)).containsExactly(0x3f80, 0xbf80, 0x3f82, 0x0021, 0x47c3, 0x7fc0, 0xff80, 0x7f80);
        assertThat(shorts(float16)).containsExactly(0x3c00, 0xbc04, 0x3c0c, 0, 0x7c00, 0x7e00, 0xfc00, 0x7c00);
    }

    private static ByteBuffer values(Path file) throws IOException {
        TensorInfo tensor = Safetensors.tensors(file).get("a");
        return ByteBuffer.wrap(Files.readAllBytes(file), (int) tensor.offset(), (int) tensor.length())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Integer> shorts(ByteBuffer bytes) {
        List<Integer> shorts = new ArrayList<>();
        while (bytes.hasRemaining()) {
            shorts.add(Short.toUnsignedInt(bytes.getShort()));
        }
        return shorts;
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(file, List.of(tensor("a", List.of(1L), 1)));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> SafetensorsWriter.write(
                        file, List.of(tensor("a", List.of(1L), 2), tensor("b", List.of(3L), 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor b has 1 values: expected 3");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aNameMayNotComeTwice() {
        assertThatThrownBy(() -> SafetensorsWriter.write(
                        folder.resolve("m"), List.of(tensor("a", List.of(1L), 2), tensor("a", List.of(1L), 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two tensors are named a");
    }

    private static Tensor tensor(String name, List<Long> shape, float... values) {
        return new Tensor(name, shape, () -> FloatBuffer.wrap(values));
    }
}
