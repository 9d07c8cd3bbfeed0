/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of lines that each belong to a step, JSON each, in the order of steps: {@code metrics.jsonl}, for instance. What
 * belongs to a step is on the disk when the step's checkpoint is, and lines of steps that no checkpoint has are removed before
 * a run goes on. For one thread.
 */
public final class StepLines {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> LINE = new TypeReference<>() {};

    private final Path file;

    StepLines(Path file) {
        this.file = file;
    }

    /** Takes a line; says whether it wants more. */
    @FunctionalInterface
    private interface Reader {
        boolean take(Map<String, Object> line, long bytes);
    }

    /** All lines that are whole. */
    public List<Map<String, Object>> read() throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        read((line, bytes) -> lines.add(line));
        return lines;
    }

    /** Removes the lines of steps that no checkpoint has, which will be done again, and what is no whole line. */
    public void truncateAfter(int step) throws IOException {
        long[] kept = new long[1];
        read((line, bytes) -> {
            boolean keep = line.get("step") instanceof Number number && number.intValue() <= step;
            kept[0] += keep ? bytes : 0;
            return keep;
        });
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(kept[0]);
            channel.force(true);
        }
    }

    /** Line by line: there may be one for each of a million groups. */
    private void read(Reader reader) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            boolean more = true;
            while (more) {
                Optional<byte[]> bytes = line(in);
                Optional<Map<String, Object>> line = bytes.flatMap(StepLines::parse);
                more = line.isPresent() && reader.take(line.get(), bytes.get().length + 1L);
            }
        }
    }

    /** The bytes up to the end of the line; empty where the file ends before it. */
    private static Optional<byte[]> line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            bytes.write(next);
            next = in.read();
        }
        return next < 0 ? Optional.empty() : Optional.of(bytes.toByteArray());
    }

    /** Empty if the process ended while it wrote this one. */
    private static Optional<Map<String, Object>> parse(byte[] bytes) {
        try {
            return Optional.ofNullable(JSON.readValue(new String(bytes, StandardCharsets.UTF_8), LINE));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Adds a line, as a whole or not at all. */
    public void append(Map<String, Object> line) throws IOException {
        byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            long before = channel.size();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                channel.truncate(before); // half a line would spoil the next one
                throw e;
            }
        }
    }

    /** Has what was added on the disk. */
    public void force() throws IOException {
        if (Files.exists(file)) {
            Disk.force(file);
        }
    }
}
