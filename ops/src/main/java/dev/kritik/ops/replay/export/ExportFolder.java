/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.trainer.run.Disk;

/** A folder with an export: its progress while it runs, its manifest when it is whole. One process at a time. */
final class ExportFolder implements Closeable {

    static final String MANIFEST = "manifest.json";
    private static final String PROGRESS = "progress.json";
    private static final String LOCK = ".lock";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What an interrupted export left. */
    record Progress(ExportRequest request, SortedMap<What, TopicState> topics) {}

    private final Path path;
    private final FileChannel lock;

    /**
     * Takes hold of a folder, which is made where it is missing.
     *
     * @throws CommandFailed if another process exports to it, or it can't be written to
     */
    ExportFolder(Path path) {
        this.path = path;
        try {
            Files.createDirectories(path);
            lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CommandFailed("'" + path + "' can't be written to: " + e.getMessage(), e);
        }
        if (!locked()) {
            throw new CommandFailed("another export is writing to '" + path + "'");
        }
    }

    private boolean locked() {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process
        } catch (IOException e) {
            throw new CommandFailed("'" + path + "' can't be locked: " + e.getMessage(), e);
        }
    }

    Path path() {
        return path;
    }

    /** The manifest, where the export is whole. */
    Optional<JsonNode> manifest() throws IOException {
        Path file = path.resolve(MANIFEST);
        return Files.exists(file) ? Optional.of(JSON.readTree(file.toFile())) : Optional.empty();
    }

    /**
     * What an interrupted export of the same request left; empty where there was none.
     *
     * @throws CommandFailed if the folder holds something else
     */
    Optional<Progress> progress(ExportRequest request) throws IOException {
        Path file = path.resolve(PROGRESS);
        if (!Files.exists(file)) {
            requireEmpty();
            return Optional.empty();
        }
        Progress found;
        try {
            found = JSON.readValue(file.toFile(), Progress.class);
        } catch (JsonProcessingException e) {
            throw new CommandFailed(
                    "'" + file + "' can't be read: delete the folder, and export anew (" + e.getOriginalMessage() + ")",
                    e);
        }
        if (!found.request().equals(request)) {
            throw new CommandFailed(
                    "'" + path + "' holds an unfinished export of something else (it was asked for with "
                            + found.request().options() + ", " + found.request().bounds()
                            + "): give the same options to go on with it, or another folder");
        }
        return Optional.of(found);
    }

    private void requireEmpty() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            files.filter(file -> !file.getFileName().toString().equals(LOCK))
                    .findFirst()
                    .ifPresent(file -> {
                        throw new CommandFailed(
                                "'" + path + "' is not empty, and holds no unfinished export (there is '"
                                        + file.getFileName() + "'): give a new folder");
                    });
        }
    }

    void save(Progress progress) throws IOException {
        write(PROGRESS, JSON.writeValueAsString(progress));
    }

    /** The export is whole. */
    void finish(JsonNode manifest) throws IOException {
        write(MANIFEST, JSON.writeValueAsString(manifest) + "\n");
        Files.deleteIfExists(path.resolve(PROGRESS));
    }

    /** As a whole or not at all, also when the machine loses its power. */
    private void write(String name, String text) throws IOException {
        Path temporary = path.resolve("." + name + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Disk.forceFolder(path.toAbsolutePath());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve(LOCK));
        lock.close();
    }
}
