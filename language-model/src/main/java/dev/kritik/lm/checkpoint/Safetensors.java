/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the header of a safetensors file (github.com/huggingface/safetensors): eight bytes with its length, little endian;
 * JSON; then the bytes of the tensors, one after another, without gaps, to the end of the file. The tensors themselves are
 * not read. Headers are checked as strictly as the reference implementation does, because offsets come from strangers and
 * end up in a memory map.
 */
public final class Safetensors {

    /** As in the reference implementation. */
    private static final int MAX_HEADER = 100_000_000;

    /** Bits of an element. A type that isn't here is newer than this code: its size isn't checked. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("C64", 64),
            Map.entry("F64", 64),
            Map.entry("I64", 64),
            Map.entry("U64", 64));

    private Safetensors() {}

    /**
     * A tensor as the header tells of it, of any type.
     *
     * @param start first byte, counted from the start of the file
     * @param end the byte after the last
     */
    record Entry(String name, Path file, String type, List<Long> shape, long start, long end) {

        boolean usable() {
            return type.equals("F32") || type.equals("F16") || type.equals("BF16");
        }

        /** @throws CheckpointException when no weights are stored in this type */
        TensorInfo info() {
            if (!usable()) {
                throw new CheckpointException(file + ": tensor " + name + " has the type " + type
                        + ". Supported: F32, F16, BF16; convert the checkpoint");
            }
            return new TensorInfo(name, file, StoredType.valueOf(type), shape, start, end - start);
        }
    }

    /**
     * The tensors of a file, by name.
     *
     * @throws CheckpointException when the file is cut off, says what can't be, or holds a type that weights don't have
     */
    public static SortedMap<String, TensorInfo> tensors(Path file) {
        SortedMap<String, TensorInfo> tensors = new TreeMap<>();
        read(file).forEach((name, entry) -> tensors.put(name, entry.info()));
        return tensors;
    }

    /**
     * Reads a file's header.
     *
     * @return its tensors, sorted by name
     * @throws CheckpointException when the file is cut off, or says what can't be
     */
    static Map<String, Entry> read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < 8) {
                throw new CheckpointException(
                        file + " is cut off: it has " + size + " bytes, less than a header; get it anew");
            }
            long length = read(channel, 0, 8).getLong();
            if (length < 2 || length > MAX_HEADER) {
                throw new CheckpointException(file + " is no safetensors file: its header would have " + length
                        + " bytes; expected 2 to " + MAX_HEADER);
            }
            if (8 + length > size) {
                throw new CheckpointException(file + " is cut off: it has " + size + " bytes, its header alone "
                        + (8 + length) + "; get it anew");
            }
            byte[] json = read(channel, 8, (int) length).array();
            return entries(file, JsonFields.MAPPER.readTree(json), 8 + length, size);
        } catch (IOException e) {
            throw new CheckpointException(file + ": its header can't be read: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private static Map<String, Entry> entries(Path file, JsonNode header, long dataStart, long fileSize) {
        if (!header.isObject()) {
            throw new CheckpointException(file + ": its header holds no JSON object");
        }
        Map<String, Entry> entries = new TreeMap<>();
        header.properties().stream()
                .filter(property -> !property.getKey().equals("__metadata__"))
                .forEach(property -> entries.put(
                        property.getKey(), entry(file, property.getKey(), property.getValue(), dataStart, fileSize)));
        long expected = dataStart;
        for (Entry entry : inOrder(entries)) {
            if (entry.start() != expected) {
                throw new CheckpointException(file + ": tensor " + entry.name() + " begins at byte " + entry.start()
                        + ": expected " + expected + ", where the one before it ends");
            }
            expected = entry.end();
        }
        if (expected != fileSize) {
            throw new CheckpointException(
                    file + " has " + fileSize + " bytes, but its tensors end at " + expected + "; get it anew");
        }
        return entries;
    }

    private static List<Entry> inOrder(Map<String, Entry> entries) {
        return entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::end))
                .toList();
    }

    private static Entry entry(Path file, String name, JsonNode node, long dataStart, long fileSize) {
        String type = node.path("dtype").asText("");
        List<Long> shape = longs(node.path("shape"));
        List<Long> offsets = longs(node.path("data_offsets"));
        if (type.isEmpty() || shape == null || offsets == null || offsets.size() != 2) {
            throw new CheckpointException(file + ": the header's entry of tensor " + name
                    + " is malformed: expected a dtype, a shape, and two data_offsets that aren't negative");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end) {
            throw new CheckpointException(
                    file + ": tensor " + name + " ends (" + end + ") before it begins (" + begin + ")");
        }
        if (end > fileSize - dataStart) {
            throw new CheckpointException(file + " is cut off: it has " + fileSize + " bytes, but tensor " + name
                    + " ends at " + dataStart + " + " + end + "; get it anew");
        }
        Integer bits = BITS.get(type);
        if (bits != null && bytes(shape, bits) != end - begin) {
            throw new CheckpointException(file + ": tensor " + name + " of the type " + type + " and shape " + shape
                    + " can't have " + (end - begin) + " bytes");
        }
        return new Entry(name, file, type, List.copyOf(shape), dataStart + begin, dataStart + end);
    }

    /** Bytes of a tensor; -1 where they don't fit in 63 bits. */
    private static long bytes(List<Long> shape, int bits) {
        try {
            long bytes = bits / 8;
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    /** The numbers of a list; null when it is no list of whole numbers of 63 bits. */
    private static List<Long> longs(JsonNode node) {
        if (!node.isArray()) {
            return null;
        }
        List<Long> longs = new ArrayList<>();
        for (JsonNode value : node) {
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                return null;
            }
            longs.add(value.longValue());
        }
        return longs;
    }
}
