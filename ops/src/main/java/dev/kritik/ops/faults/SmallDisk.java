/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A small file system in memory (tmpfs) that can be filled up. Needs root on Linux. Not thread-safe. */
final class SmallDisk implements AutoCloseable {

    private static final int ATTEMPTS = 20;
    private static final int KIB = 1024;
    private static final long PAGE_KIB = 4;

    private final Path folder;
    private final int megabytes;

    private SmallDisk(Path folder, int megabytes) {
        this.folder = folder;
        this.megabytes = megabytes;
    }

    /**
     * Mounts one; empty where that is not allowed here.
     *
     * @param folder made where it is missing
     * @param megabytes its size, which is only taken as it is used
     */
    static Optional<SmallDisk> mount(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
            return run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "kritik-faults", folder.toString())
                    ? Optional.of(new SmallDisk(folder, megabytes))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether one can be mounted here. */
    static boolean possible() {
        try {
            Path folder = Files.createTempDirectory("kritik-disk-");
            Optional<SmallDisk> disk = mount(folder, 1);
            disk.ifPresent(SmallDisk::close);
            Files.deleteIfExists(folder);
            return disk.isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    /** Takes all space that is left: the file system shrinks to what is on it. */
    void fill() {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                FileStore store = Files.getFileStore(folder);
                // A size of 0 would mean none; a page is the least.
                long used = Math.max(PAGE_KIB, (store.getTotalSpace() - store.getUsableSpace()) / KIB);
                if (run("mount", "-o", "remount,size=" + used + "k", folder.toString())) {
                    return; // else something was written meanwhile
                }
            }
            throw new IllegalStateException("the disk can't be filled: " + folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the disk can't be filled: " + folder, e);
        }
    }

    /** Gives the space back. */
    void free() {
        try {
            if (!run("mount", "-o", "remount,size=" + megabytes + "m", folder.toString())) {
                throw new IllegalStateException("the disk can't be freed: " + folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the disk can't be freed: " + folder, e);
        }
    }

    /** Takes it away with what is on it; at once, also where a process still holds a file open. */
    @Override
    public void close() {
        try {
            if (!run("umount", "-l", folder.toString())) {
                throw new IllegalStateException("the small disk can't be taken away: umount " + folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return false;
        }
    }
}
