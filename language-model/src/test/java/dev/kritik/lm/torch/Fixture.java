/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.checkpoint.Checkpoint;

/** A tiny random checkpoint, and what Hugging Face transformers computes from it (fixtures/make_checkpoints.py). */
public record Fixture(Path folder, JsonNode expected) {

    /** On the CPU; the device can be chosen from outside, for the same tests on a GPU. */
    public static final EngineSettings ENGINE =
            new EngineSettings(System.getProperty("kritik.test.device", "cpu"), Precision.FLOAT32, 1);

    public static Fixture of(String name) throws IOException {
        Path folder = Path.of("src/test/resources/checkpoints", name);
        return new Fixture(folder, new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("expected.json"))));
    }

    public Checkpoint checkpoint() {
        return Checkpoint.open(folder);
    }

    public int[] ints(String field) {
        return ints(expected.get(field));
    }

    public List<int[]> intLists(String field) {
        List<int[]> lists = new ArrayList<>();
        expected.get(field).forEach(list -> lists.add(ints(list)));
        return lists;
    }

    private static int[] ints(JsonNode node) {
        int[] ints = new int[node.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = node.get(i).intValue();
        }
        return ints;
    }

    /** Logits of {@code tokens}, [tokens][vocabulary]. */
    public float[] logits() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("expected.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int begin = 8 + Math.toIntExact(file.getLong(0));
        float[] logits = new float[(file.capacity() - begin) / 4];
        file.position(begin)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(logits);
        return logits;
    }
}
