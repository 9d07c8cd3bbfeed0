/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

import dev.kritik.ops.client.PlainJson;

/**
 * One object a line: {@code topic, partition, offset, timestamp_ms}, and the fields of the contract in its order.
 *
 * <p>The file grows in blocks that end with a line. Compressed, each block is a zstd frame of its own, and which lines it
 * holds depends on their length alone: so an interrupted export goes on with the same bytes. The place is the length of the
 * file.
 */
final class JsonLinesSink implements Sink {

    static final int BLOCK_BYTES = 4 << 20;

    /** A slow export is not to lose much, either. */
    private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final String UNFINISHED = ".unfinished";

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final boolean zstd;
    private final int blockBytes;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private long writtenNanos = System.nanoTime();
    private long length;

    /**
     * Begins, or goes on.
     *
     * @param at length that is good; what is behind it is cut off
     * @throws IOException if the file is shorter than that
     */
    JsonLinesSink(Path folder, String name, boolean zstd, int blockBytes, long at) throws IOException {
        this.file = folder.resolve(name + ".jsonl" + (zstd ? ".zst" : ""));
        this.unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        this.zstd = zstd;
        this.blockBytes = blockBytes;
        this.channel = Files.exists(file) && !Files.exists(unfinished)
                ? null // it has its name
                : FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long there = channel == null ? Files.size(file) : channel.size();
        if (there < at) {
            close();
            throw new IOException(
                    "'" + unfinished + "' was changed since: it has " + there + " bytes instead of " + at);
        }
        if (channel != null) {
            channel.truncate(at);
            channel.position(at);
        }
        length = at;
    }

    @Override
    public boolean take(Row row) throws IOException {
        block.writeBytes(line(row).getBytes(StandardCharsets.UTF_8));
        block.write('\n');
        boolean old = !zstd && System.nanoTime() - writtenNanos > EVERY_NANOS;
        return (block.size() >= blockBytes || old) && write();
    }

    @Override
    public void begin(int partition) {
        // One file for all of them.
    }

    @Override
    public boolean end() throws IOException {
        return write();
    }

    private boolean write() throws IOException {
        if (block.size() > 0) {
            byte[] bytes = zstd ? ZstdCodec.compress(block.toByteArray()) : block.toByteArray();
            block.reset();
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                length += channel.write(rest);
            }
            channel.force(false);
        }
        writtenNanos = System.nanoTime();
        return true;
    }

    /** Characters that some readers take for the end of a line are escaped. */
    static String line(Row row) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("topic", row.topic())
                .put("partition", row.partition())
                .put("offset", row.offset())
                .put("timestamp_ms", row.timestampMs());
        for (Map.Entry<String, JsonNode> field : PlainJson.of(row.value()).properties()) {
            line.set(field.getKey(), field.getValue());
        }
        return line.toString()
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029")
                .replace("\u0085", "\\u0085");
    }

    @Override
    public void finish() throws IOException {
        if (channel != null) {
            write();
            channel.force(true);
            channel.close();
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public long at() {
        return length;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
