/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private final Path folder;
    private final ModelName model;
    private final boolean symlinks;

    HubCache(HubSettings settings, ModelName model) {
        this.folder = settings.cache().resolve(model.folder());
        this.model = model;
        this.symlinks = settings.symlinks();
    }

    /** The snapshot that the revision named when it was last seen, if a model can be opened from it. */
    Optional<Path> complete() throws IOException {
        Path ref = folder.resolve("refs").resolve(model.revision());
        String commit = ModelName.isCommit(model.revision()) || !Files.isRegularFile(ref)
                ? model.revision()
                : Files.readString(ref).strip();
        return ModelName.isCommit(commit) && isComplete(snapshot(commit))
                ? Optional.of(snapshot(commit))
                : Optional.empty();
    }

    /** Whether a snapshot is complete and has these files, too. */
    boolean holds(String commit, List<String> files) {
        return isComplete(snapshot(commit))
                && files.stream()
                        .allMatch(file -> Files.isRegularFile(snapshot(commit).resolve(file)));
    }

    /** Weights come last, so what has them has the rest. */
    private static boolean isComplete(Path snapshot) {
        try {
            return Files.isRegularFile(snapshot.resolve("config.json"))
                    && Checkpoint.weightFiles(snapshot).stream()
                            .allMatch(file -> Files.isRegularFile(snapshot.resolve(file)));
        } catch (CheckpointException e) {
            return false;
        }
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path blob(RemoteFile file) {
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
        Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
