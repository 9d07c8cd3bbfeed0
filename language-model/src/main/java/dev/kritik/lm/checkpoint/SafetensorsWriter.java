/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes tensors to a safetensors file. The same tensors give the same bytes, whatever their order, and these are
 * those of Hugging Face's own writer. One tensor at a time is in memory.
 */
public final class SafetensorsWriter {

    private static final int CHUNK = 1 << 16;

    private SafetensorsWriter() {}

    /**
     * A tensor to write.
     *
     * @param name Hugging Face's name of it
     * @param shape its dimensions, outermost first; empty for a scalar
     * @param values called once, when its turn has come; from position to limit, as many as the shape says
     */
    public record Tensor(String name, List<Long> shape, Supplier<FloatBuffer> values) {

        public Tensor {
            shape = List.copyOf(shape);
            if (name.isEmpty() || name.equals("__metadata__") || shape.stream().anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException("no tensor can have the name '" + name + "' and the shape " + shape);
            }
        }

        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    /**
     * Writes the file, in float32; see {@link #write(Path, StoredType, List)}.
     */
    public static void write(Path file, List<Tensor> tensors) {
        write(file, StoredType.F32, tensors);
    }

    /**
     * Writes the file, each number as the nearest one of the type. It appears whole or not at all: what is written goes to a temporary file beside it, which then takes
     * its place.
     *
     * @throws IllegalArgumentException for two tensors of one name, or values that don't fill the shape
     * @throws UncheckedIOException when the file can't be written
     */
    public static void write(Path file, StoredType type, List<Tensor> tensors) {
        List<Tensor> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparing(Tensor::name));
        byte[] header = header(type, sorted);
        try {
            Path folder = file.toAbsolutePath().getParent();
            // Not by createTempFile, whose files only their owner may read.
            Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                    writeAll(channel, length.putLong(header.length).flip());
                    writeAll(channel, ByteBuffer.wrap(header));
                    for (Tensor tensor : sorted) {
                        write(channel, type, tensor);
                    }
                    channel.force(true);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be written: " + e.getMessage(), e);
        }
    }

    private static byte[] header(StoredType type, List<Tensor> tensors) {
        ObjectNode header = JsonFields.MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt"); // transformers refuses files without it
        long offset = 0;
        Set<String> names = new HashSet<>();
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", type.name());
            tensor.shape().forEach(entry.putArray("shape")::add);
            long end = offset + Math.multiplyExact(tensor.elements(), type.bytes());
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String json = header.toString();
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        // Padded with spaces, so that the values are aligned in a memory map.
        return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(FileChannel channel, StoredType type, Tensor tensor) throws IOException {
        FloatBuffer values = tensor.values().get().duplicate();
        if (values.remaining() != tensor.elements()) {
            throw new IllegalArgumentException("tensor " + tensor.name() + " has " + values.remaining()
                    + " values: expected " + tensor.elements() + " by its shape " + tensor.shape());
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining(), CHUNK);
            chunk.clear().limit(count * type.bytes());
            put(values.slice(values.position(), count), type, chunk);
            values.position(values.position() + count);
            writeAll(channel, chunk);
        }
    }

    private static void put(FloatBuffer values, StoredType type, ByteBuffer chunk) {
        if (type == StoredType.F32) {
            chunk.asFloatBuffer().put(values);
            return;
        }
        ShortBuffer halves = chunk.asShortBuffer();
        while (values.hasRemaining()) {
            float value = values.get();
            halves.put(type == StoredType.F16 ? Float.floatToFloat16(value) : bfloat16(value));
        }
    }

    /** The upper half of a float's bits, rounded to the nearest, to an even one where two are as near. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short)
                    ((bits >>> 16) | (1 << 6)); // a NaN whose bits stand in the lower half must not become infinite
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
