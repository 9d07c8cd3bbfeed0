/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
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

/**
 * A file of lines that each belong to a step, JSON each: {@code metrics.jsonl}, for instance. What belongs to a step is on the
 * disk when the step's checkpoint is, and lines of steps that no checkpoint has are removed before a run goes on. For one
 * thread.
 */
public final class StepLines {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> LINE = new TypeReference<>() {};

    private final Path file;

    StepLines(Path file) {
        this.file = file;
    }

    /** All lines that are whole. */
    public List<Map<String, Object>> read() throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String text : Files.readAllLines(file)) {
                try {
                    lines.add(JSON.readValue(text, LINE));
                } catch (JsonProcessingException e) {
                    break; // the process ended while it wrote this one
                }
            }
        }
        return lines;
    }

    /** Removes the lines of steps that no checkpoint has: they will be done again. */
    public void truncateAfter(int step) throws IOException {
        StringBuilder kept = new StringBuilder();
        for (Map<String, Object> line : read()) {
            if (line.get("step") instanceof Number number && number.intValue() <= step) {
                kept.append(JSON.writeValueAsString(line)).append('\n');
            }
        }
        Disk.write(file, kept.toString());
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
