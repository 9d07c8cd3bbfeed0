/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import dev.kritik.local.Folders;

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
            long state = folder.isPresent() ? Folders.bytes(folder.get()) : 0;
            return Optional.of(new Sample(nowMs, name, pid, resident, files, threads, cpu, state));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
