/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of one process, by libfaketime: it can be moved while the process runs. What counts elapsed time is left alone,
 * as it is when a real clock is set.
 */
final class FakeClock {

    private static final List<String> PLACES = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib64/faketime/libfaketime.so.1",
            "/usr/lib/faketime/libfaketime.so.1",
            "/usr/local/lib/faketime/libfaketime.so.1");

    private final Path library;
    private final Path file;

    private FakeClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /** The library, if this machine has it. */
    static Optional<Path> library() {
        return Stream.concat(Optional.ofNullable(System.getenv("KRITIK_LIBFAKETIME")).stream(), PLACES.stream())
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst();
    }

    /** A clock that is right; the file says by how much it is moved. */
    static Optional<FakeClock> in(Path file) {
        return library().map(library -> {
            FakeClock clock = new FakeClock(library, file);
            clock.move(Duration.ZERO);
            return clock;
        });
    }

    /** What the process needs in its environment. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                // Reading the file at each look at the clock would slow everything down.
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Timed waits of Java count elapsed time already; with the fix they end at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0",
                // The child's own children, if any, have the right time by the same file.
                "FAKETIME_DONT_RESET",
                "1");
    }

    /** Moves it against the true time; heard of within about a second. */
    void move(Duration offset) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.createDirectories(file.getParent());
            Files.writeString(fresh, (offset.isNegative() ? "" : "+") + offset.toMillis() / 1000.0 + "\n");
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the clock can't be moved: " + file, e);
        }
    }
}
