/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.lm.checkpoint.Safetensors;
import dev.kritik.lm.torch.TrainableDecoder.Part;

/** What transformers, PyTorch and TRL compute on the tiny checkpoints (fixtures/make_training.py). */
final class Expected {

    private static final Path FOLDER = Path.of("src/test/resources/training");

    private Expected() {}

    static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(FOLDER.resolve(name)));
    }

    static Map<String, float[]> tensors(String name) throws IOException {
        return read(FOLDER.resolve(name));
    }

    /** All tensors of a file of float32. */
    static Map<String, float[]> read(Path file) throws IOException {
        Map<String, float[]> tensors = new TreeMap<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (var tensor : Safetensors.tensors(file).values()) {
                ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length()).order(ByteOrder.LITTLE_ENDIAN);
                channel.read(bytes, tensor.offset());
                float[] values = new float[bytes.flip().remaining() / 4];
                bytes.asFloatBuffer().get(values);
                tensors.put(tensor.name(), values);
            }
        }
        return tensors;
    }

    static List<Sequence> sequences(JsonNode node) {
        List<Sequence> sequences = new ArrayList<>();
        node.forEach(pair ->
                sequences.add(new Sequence(ints(pair.get(0)), pair.get(1).intValue())));
        return sequences;
    }

    static int written(List<Sequence> sequences) {
        return sequences.stream().mapToInt(Sequence::written).sum();
    }

    static int[] ints(JsonNode node) {
        int[] ints = new int[node.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = node.get(i).intValue();
        }
        return ints;
    }

    static float[] floats(JsonNode node) {
        float[] floats = new float[node.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = node.get(i).floatValue();
        }
        return floats;
    }

    /** The gradient of each weight has the norm that stands under its name. */
    static void assertGradients(Trainee trainee, JsonNode norms) {
        assertThat(norms.size()).isGreaterThan(15);
        norms.properties().forEach(weight -> {
            double expected = weight.getValue().doubleValue();
            assertThat(norm(trainee.values(weight.getKey(), Part.GRADIENT)))
                    .as("norm of the gradient of " + weight.getKey())
                    .isCloseTo(expected, within(2e-5 * Math.max(expected, 1e-2)));
        });
    }

    static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    static void assertClose(float[] actual, float[] expected, double limit, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as(what).isFinite();
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
        }
        assertThat(worst).as("largest difference in " + what).isLessThan(limit);
    }
}
