/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.Safetensors;
import dev.kritik.lm.checkpoint.SafetensorsWriter.Tensor;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.checkpoint.TensorInfo;
import dev.kritik.lm.checkpoint.WeightLayout;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;
import dev.kritik.lm.torch.TrainableDecoder.Part;

/**
 * What a file holds of a run: weights under their names, AdamW's moments beside them, and the count of steps.
 *
 * @param tensors by names of weights
 */
record TrainingState(long steps, Map<String, Map<Part, TensorInfo>> tensors) {

    private static final Map<String, Part> SUFFIXES =
            Map.of("", Part.WEIGHT, ".exp_avg", Part.MEAN, ".exp_avg_sq", Part.SQUARE);
    /** As PyTorch's AdamW, in float32: exact up to 16 million. */
    private static final String STEPS = "step";

    /** What to write; values are asked for one tensor at a time. */
    static List<Tensor> tensors(ModelConfig config, long steps, BiFunction<String, Part, float[]> values) {
        List<Tensor> tensors = new ArrayList<>();
        SUFFIXES.forEach((suffix, part) -> tensors.addAll(tensors(config, suffix, part, values)));
        tensors.add(new Tensor(STEPS, List.of(), () -> FloatBuffer.wrap(new float[] {steps})));
        return tensors;
    }

    /** The weights alone. */
    static List<Tensor> weights(ModelConfig config, BiFunction<String, Part, float[]> values) {
        return tensors(config, "", Part.WEIGHT, values);
    }

    private static List<Tensor> tensors(
            ModelConfig config, String suffix, Part part, BiFunction<String, Part, float[]> values) {
        return WeightLayout.expected(config).stream()
                .map(weight -> new Tensor(
                        weight.name() + suffix,
                        weight.shape(),
                        () -> FloatBuffer.wrap(values.apply(weight.name(), part))))
                .toList();
    }

    /**
     * Reads where everything lies.
     *
     * @throws CheckpointException when the file is broken, or of another model
     */
    static TrainingState read(Path file, ModelConfig config) {
        Map<String, TensorInfo> found = Safetensors.tensors(file);
        Map<String, Map<Part, TensorInfo>> tensors = new HashMap<>();
        for (Weight weight : WeightLayout.expected(config)) {
            Map<Part, TensorInfo> parts = new EnumMap<>(Part.class);
            SUFFIXES.forEach(
                    (suffix, part) -> parts.put(part, tensor(file, found, weight.name() + suffix, weight.shape())));
            tensors.put(weight.name(), parts);
        }
        return new TrainingState(steps(tensor(file, found, STEPS, List.of())), tensors);
    }

    private static TensorInfo tensor(Path file, Map<String, TensorInfo> found, String name, List<Long> shape) {
        TensorInfo tensor = found.get(name);
        if (tensor == null) {
            throw new CheckpointException(
                    file + " is no state of this model's training: tensor " + name + " is missing");
        }
        if (tensor.type() != StoredType.F32 || !tensor.shape().equals(shape)) {
            throw new CheckpointException(file + " is no state of this model's training: tensor " + name + " is "
                    + tensor.type() + " " + tensor.shape() + ", expected F32 " + shape);
        }
        return tensor;
    }

    private static long steps(TensorInfo tensor) {
        try (FileChannel channel = FileChannel.open(tensor.file())) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(bytes, tensor.offset());
            return (long) bytes.flip().getFloat();
        } catch (IOException e) {
            throw new CheckpointException(tensor.file() + " can't be read: " + e.getMessage(), e);
        }
    }
}
