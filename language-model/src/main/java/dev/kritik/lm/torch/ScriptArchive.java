/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes a TorchScript archive ({@code .pt}) out of source text, as {@code torch.jit.save} would: a zip of the code and of
 * a pickle with the attributes of one object. So the model's code is a resource of ours, and no Python is needed to
 * build it.
 */
final class ScriptArchive {

    private ScriptArchive() {}

    /**
     * The archive.
     *
     * @param type name of the class in the source
     * @param attributes a value for each attribute that the class declares, in that order: Long, Double, Boolean, a list
     *     of those, or a map, which must be empty
     */
    static byte[] of(String source, String type, Map<String, Object> attributes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "data.pkl", pickle(type, attributes));
            put(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) { // nothing here leaves memory
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry("decoder/" + name);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /** Python's pickle, protocol 2: an object of the type, and its state. */
    private static byte[] pickle(String type, Map<String, Object> attributes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        out.writeBytes(("c__torch__\n" + type + "\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
        attributes.forEach((name, value) -> {
            text(out, name);
            value(out, value);
        });
        out.writeBytes(new byte[] {'u', 'b', '.'});
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
    }

    private static void value(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Boolean b -> out.write(b ? 0x88 : 0x89);
            case Long n -> {
                out.write('J');
                out.writeBytes(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(Math.toIntExact(n))
                        .array());
            }
            case Double d -> {
                out.write('G');
                out.writeBytes(ByteBuffer.allocate(8).putDouble(d).array());
            }
            case List<?> list -> {
                out.write(']');
                if (!list.isEmpty()) {
                    out.write('(');
                    list.forEach(item -> value(out, item));
                    out.write('e');
                }
            }
            case Map<?, ?> map -> out.write(empty(map));
            default -> throw new IllegalArgumentException("can't pickle " + value.getClass());
        }
    }

    private static char empty(Map<?, ?> map) {
        if (!map.isEmpty()) {
            throw new IllegalArgumentException("only an empty map can be pickled");
        }
        return '}';
    }
}
