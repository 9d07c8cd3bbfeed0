/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what the system knows of a process, from Linux' {@code /proc}. */
final class Processes {

    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /** Whether this system has what is read here. */
    static boolean known() {
        return Files.isReadable(PROC.resolve("self").resolve("status"));
    }

    /** One look at a process; empty if it has ended. */
    static Optional<Sample> look(String name, long pid, Optional<Path> folder, long nowMs) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            long resident = 0;
            long threads = 0;
            for (String line : Files.readAllLines(process.resolve("status"))) {
                if (line.startsWith("RssAnon:")) {
                    resident = number(line) * 1024;
                } else if (line.startsWith("Threads:")) {
                    threads = number(line);
                }
            }
            long files;
            try (Stream<Path> open = Files.list(process.resolve("fd"))) {
                files = open.count();
            }
            long cpu = ProcessHandle.of(pid)
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .orElse(Duration.ZERO)
                    .toMillis();
            long state = folder.isPresent() ? bytes(folder.get()) : 0;
            return Optional.of(new Sample(nowMs, name, pid, resident, files, threads, cpu, state));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    /** Bytes of all files below a folder; files that vanish meanwhile don't count. */
    static long bytes(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long[] sum = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
