/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

import dev.kritik.local.StackException;
import dev.kritik.local.Tether;

/** With a program that stands for another build of Kritik: it says who it is and counts until it is stopped. */
class RoleProcessTest {

    private static final Pattern LINE = Pattern.compile("\\R");

    private static final String OTHER_BUILD = """
            package dev.kritik.ops;
            public final class Kritik {
                public static void main(String[] args) throws Exception {
                    System.out.println("NAME runs " + args[0] + " at " + System.getenv("PLACE") + " with "
                            + java.nio.file.Files.readAllLines(java.nio.file.Path.of(args[2])).stream()
                                    .filter(line -> !line.startsWith("#")).sorted().toList());
                    System.out.println("started; Ctrl-C ends it");
                    while (true) {
                        System.out.println("tick");
                        Thread.sleep(20);
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void isUpgradedToAnotherBuildUnderTheSameNameAndLog() throws Exception {
        // Given
        Map<String, String> base = Map.of("stream.instance.id", "stream-1", "new.key", "1", "k", "2");
        Launch old = Launch.with(Map.of("k", "3"))
                .without(Set.of("new.key"))
                .withEnvironment(Map.of("PLACE", "home"))
                .withClassPath(build("old"));

        // When
        try (RoleProcess role = RoleProcess.launch("stream", "stream-1", folder.resolve("roles"), base, old)) {
            role.awaitStarted();
            long first = role.pid();
            Path log = role.log();

            // Then
            assertThat(log).content().contains("old runs stream at home with [k=3, stream.instance.id=stream-1]");

            // When
            role.restartAs(Launch.with(Map.of()).withClassPath(build("new")));
            role.awaitStarted();

            // Then
            assertThat(role.pid()).isNotEqualTo(first);
            assertThat(ProcessHandle.of(first)).isEmpty();
            assertThat(role.log()).isEqualTo(log);
            assertThat(log)
                    .content()
                    .contains("old runs stream")
                    .contains("new runs stream at null with [k=2, new.key=1, stream.instance.id=stream-1]");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void standsStillWhileItIsPausedAndCanBeKilledThen() throws Exception {
        // Given
        Launch launch = Launch.with(Map.of()).withClassPath(build("any"));
        long last;
        try (RoleProcess role = RoleProcess.launch("stream", "stream-1", folder.resolve("roles"), Map.of(), launch)) {
            role.awaitStarted();

            // When
            role.pause();
            role.pause();

            // Then
            long paused = lines(role.log());
            await().during(Duration.ofMillis(300)).until(() -> lines(role.log()) == paused);
            assertThat(role.isAlive()).isTrue();

            // When
            role.resume();

            // Then
            await().until(() -> lines(role.log()) > paused);

            // When
            role.pause();
            role.kill();

            // Then
            assertThat(role.isAlive()).isFalse();
            assertThatThrownBy(role::pause).isInstanceOf(StackException.class).hasMessageContaining("stream-1");

            // When
            role.start();
            role.awaitStarted();
            role.pause();
            last = role.pid();
        }

        // Then
        assertThat(ProcessHandle.of(last)).isEmpty();
    }

    private static long lines(Path log) throws IOException {
        return LINE.splitAsStream(Files.readString(log)).count();
    }

    /** A class path with a Kritik that calls itself so. */
    private String build(String name) throws Exception {
        Path source = Files.createDirectories(folder.resolve(name)).resolve("Kritik.java");
        Files.writeString(source, OTHER_BUILD.replace("NAME", name));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", source.getParent().toString(), source.toString());
        assertThat(failed).isZero();
        Path localStack = Path.of(
                Tether.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return source.getParent() + File.pathSeparator + localStack;
    }
}
