/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.CheckpointException;

/**
 * A model's part of the cache, laid out as Python's huggingface_hub does: {@code refs/REVISION} holds a commit,
 * {@code blobs/ETAG} a file's content, {@code snapshots/COMMIT/FILE} links to it.
 */
final class HubCache {

    private static final String TOKENIZER = "tokenizer.json";

    private final Path folder;
    private final ModelName model;
    private final boolean symlinks;

    HubCache(HubSettings settings, ModelName model) {
        this.folder = settings.cache().resolve(model.folder());
        this.model = model;
        this.symlinks = settings.symlinks();
    }

    /** The snapshot that the revision named when it was last seen; it may lack files. */
    Optional<Path> known() throws IOException {
        Path ref = folder.resolve("refs").resolve(model.revision());
        String commit = ModelName.isCommit(model.revision()) || !Files.isRegularFile(ref)
                ? model.revision()
                : Files.readString(ref).strip();
        return ModelName.isCommit(commit) && Files.isDirectory(snapshot(commit))
                ? Optional.of(snapshot(commit))
                : Optional.empty();
    }

    /**
     * What a snapshot lacks for a model to be opened from it. Having the weights is not enough: other programs load the
     * files in another order than we do, and not all of them.
     */
    static List<String> missing(Path snapshot) {
        List<String> needed = new ArrayList<>(List.of("config.json", TOKENIZER));
        try {
            needed.addAll(Checkpoint.weightFiles(snapshot));
        } catch (CheckpointException e) {
            needed.add("model.safetensors"); // or an index, or one that can be read
        }
        return needed.stream()
                .filter(file -> !Files.isRegularFile(snapshot.resolve(file)))
                .toList();
    }

    /** Whether a snapshot has its weights, and these files. A tokenizer is needed only if it is among them. */
    boolean holds(String commit, List<String> files) {
        return missing(snapshot(commit)).stream().allMatch(TOKENIZER::equals)
                && files.stream()
                        .allMatch(file -> Files.isRegularFile(snapshot(commit).resolve(file)));
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** Whether the blob is there, whole. After a crash it may be shorter than what was written: its name proves nothing. */
    boolean has(RemoteFile file) throws IOException {
        Path blob = blob(file);
        return Files.isRegularFile(blob) && (file.size() < 0 ? file.matches(blob) : Files.size(blob) == file.size());
    }

    private Path blob(RemoteFile file) {
        return folder.resolve("blobs").resolve(file.etag());
    }

    /** Not the name that older versions in Python use: they would append to it, and know nothing of our locks. */
    Path partial(RemoteFile file) {
        return folder.resolve("blobs").resolve(file.etag() + ".kritik.incomplete");
    }

    void create(String commit) throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        Files.createDirectories(snapshot(commit));
    }

    /** Makes a whole, checked file a blob. */
    void accept(RemoteFile file) throws IOException {
        force(partial(file));
        Files.move(partial(file), blob(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Lets a blob appear in a snapshot: as a link, or where there are none as a copy. */
    void link(String commit, RemoteFile file) throws IOException {
        Path pointer = snapshot(commit).resolve(file.name());
        if (symlinks) {
            Files.deleteIfExists(pointer); // a link whose blob is gone
            try {
                Files.createSymbolicLink(pointer, Path.of("..", "..", "blobs", file.etag()));
                return;
            } catch (FileAlreadyExistsException e) {
                return; // someone else was faster
            } catch (UnsupportedOperationException | IOException e) {
                // No links on this system, or in this file system.
            }
        }
        Path copy = snapshot(commit).resolve("." + file.name() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.copy(blob(file), copy);
            force(copy);
            Files.move(copy, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** Remembers what commit the revision names. Written last, so that it never names a snapshot that isn't complete. */
    void remember(String commit) throws IOException {
        Path ref = folder.resolve("refs").resolve(model.revision());
        if (commit.equals(model.revision())
                || (Files.isRegularFile(ref) && Files.readString(ref).equals(commit))) {
            return;
        }
        Files.createDirectories(ref.getParent());
        Path temporary = ref.resolveSibling(ref.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.writeString(temporary, commit);
        force(temporary);
        Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Before a file gets its final name: else a crash could leave the name, and not what was written. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
