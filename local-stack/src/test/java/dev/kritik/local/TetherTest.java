/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class TetherTest {

    @TempDir
    private Path folder;

    /** Runs until it is ended. */
    static final class Endless {
        public static void main(String[] args) throws Exception {
            System.out.println("running");
            Thread.currentThread().join();
        }
    }

    /** Leaves a temporary file behind and ends. */
    static final class Untidy {
        public static void main(String[] args) throws Exception {
            Files.createTempFile("left", ".so");
        }
    }

    /** Fails at once, after a few words. */
    static final class Failing {
        public static void main(String[] args) {
            System.err.println("no fuel");
            System.exit(args.length + 3);
        }
    }

    /** Starts {@link Endless} as its own child, writes the child's process id to the file it is given, and waits. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Path file = Path.of(args[0]);
            Child child = endless(file.resolveSibling("endless.log"));
            Files.writeString(file.resolveSibling("pid.tmp"), Long.toString(child.pid()));
            Files.move(file.resolveSibling("pid.tmp"), file);
            Thread.currentThread().join();
        }
    }

    @Test
    void aGrandchildDiesWhenItsParentIsKilled() throws Exception {
        // Given
        Path file = folder.resolve("pid");
        Child parent = start("parent", Parent.class, folder.resolve("parent.log"), file.toString());
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
        ProcessHandle grandchild =
                ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow();
        assertThat(grandchild.isAlive()).isTrue();

        // When
        parent.kill();

        // Then
        await().atMost(Duration.ofSeconds(30)).until(() -> !grandchild.isAlive());
    }

    @Test
    void theTemporaryFilesOfAProgramLieBesideItsLogUntilItStartsAgain() throws Exception {
        // Given
        Path log = folder.resolve("untidy.log");
        Path temporary = folder.resolve("untidy.log.tmp");
        // When
        for (int start = 0; start < 2; start++) {
            Child child = start("untidy", Untidy.class, log);
            await().atMost(Duration.ofSeconds(60)).until(() -> !child.isAlive());
        }
        // Then
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).singleElement().asString().endsWith(".so");
        }
    }

    @Test
    void closeStopsAProgramInOrder() throws Exception {
        // Given
        Path log = folder.resolve("endless.log");
        Child child = endless(log);
        child.awaitReady(() -> contains(log, "running"), Duration.ofSeconds(60));
        // When
        child.close();
        // Then
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aProgramThatEndsInsteadOfStartingIsReportedWithTheEndOfItsLog() {
        // Given
        Path log = folder.resolve("failing.log");
        Child child = start("failing program", Failing.class, log);
        // When // Then
        assertThatThrownBy(() -> child.awaitReady(() -> false, Duration.ofSeconds(60)))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("failing program ended with code 3")
                .hasMessageContaining("no fuel")
                .hasMessageContaining(log.toString());
    }

    @Test
    void aProgramThatIsNotReadyInTimeIsReported() {
        // Given
        try (Child child = endless(folder.resolve("endless.log"))) {
            // When // Then
            assertThatThrownBy(() -> child.awaitReady(() -> false, Duration.ofMillis(200)))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("not ready within");
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private static Child endless(Path log) {
        return start("endless program", Endless.class, log);
    }

    private static Child start(String name, Class<?> main, Path log, String... args) {
        List<String> mainAndArgs =
                Stream.concat(Stream.of(main.getName()), Arrays.stream(args)).toList();
        return Child.start(
                name,
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")),
                mainAndArgs,
                log,
                log.getParent());
    }
}
