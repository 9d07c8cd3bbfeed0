/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The launcher {@code kritik}, in a repository whose Maven and JDK are small scripts that write down what they are told. */
class LauncherTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path root;
    private Path calls;

    private record Run(int code, String output) {}

    @BeforeEach
    void makeARepository() throws IOException {
        root = Files.createDirectories(folder.resolve("a repository"));
        calls = folder.resolve("calls");
        Files.createFile(calls);
        Files.copy(Path.of(System.getProperty("kritik.root"), "kritik"), root.resolve("kritik"));
        script(root.resolve("mvnw"), """
                echo "mvnw $* with $JAVA_HOME" >> "$CALLS"
                if [ -f fail ]; then echo "[ERROR] Broken.java:[1,2] not a statement"; exit 3; fi
                for argument; do
                  case $argument in
                    -Dkritik.lib=*)
                      mkdir -p "${argument#*=}"
                      ls ops/target/kritik/*/lib/*.jar >> "$CALLS" 2>/dev/null
                      echo "$*" > "${argument#*=}/kritik-ops-1.jar"
                      ;;
                  esac
                done
                """);
        script(Files.createDirectories(folder.resolve("bin")).resolve("uname"), """
                case $1 in -s) echo "${SYSTEM:-Linux}" ;; -m) echo "${MACHINE:-x86_64}" ;; esac
                """);
        Files.createDirectories(root.resolve("ops/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        source("ops/src/main/java/A.java", Instant.now().minusSeconds(60));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/javac"), "");
        script(home.resolve("bin/java"), """
                echo "java %s $*" >> "$CALLS"
                echo "environment ${DJL_OFFLINE:-} ${OPT_OUT_TRACKING:-} ${MALLOC_MMAP_THRESHOLD_:-} ${GOMP_SPINCOUNT:-}" >> "$CALLS"
                exit 7
                """.formatted(name));
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void source(String name, Instant changed) throws IOException {
        Path file = root.resolve(name);
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(changed));
    }

    private Run kritik(Path launcher, Path javaHome, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("CALLS", calls.toString());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        List.of(
                        "KRITIK_HOME",
                        "KRITIK_PROFILE",
                        "GOMP_SPINCOUNT",
                        "OMP_WAIT_POLICY",
                        "MALLOC_MMAP_THRESHOLD_",
                        "MALLOC_TRIM_THRESHOLD_",
                        "MALLOC_TOP_PAD_")
                .forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private List<String> calls(String program) throws IOException {
        try (Stream<String> lines = Files.lines(calls)) {
            return lines.filter(line -> line.startsWith(program)).toList();
        }
    }

    @Test
    void buildsOnceThenOnlyAfterAChangeAndPassesArgumentsAndExitCodeThrough() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21.0.4");
        Path launcher = root.resolve("kritik");

        // When // Then: the first run builds and says so
        Run first = kritik(launcher, jdk, "topics", "check", "--set", "a=b c");
        assertThat(first.code()).isEqualTo(7);
        assertThat(first.output()).contains("there is no build yet").contains("built in");
        assertThat(calls("mvnw")).singleElement().asString().contains("package").contains("-Dmaven.test.skip=true");
        assertThat(calls("java"))
                .singleElement()
                .asString()
                .contains("-Dkritik.root=" + root.toRealPath())
                .endsWith("kritik-ops-1.jar topics check --set a=b c");

        // When // Then: the second does not
        Run second = kritik(launcher, jdk, "topics", "check");
        assertThat(second.output()).isEmpty();
        assertThat(calls("mvnw")).hasSize(1);

        // When // Then: a newer source makes it build again, and is named
        source("ops/src/main/java/B.java", Instant.now().plusSeconds(60));
        assertThat(kritik(launcher, jdk, "topics").output()).contains("ops/src/main/java/B.java has changed");
        assertThat(calls("mvnw")).hasSize(2);
    }

    @Test
    void worksThroughASymbolicLinkFromAnotherFolder() throws Exception {
        // Given
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a repository", "kritik"));
        // When
        Run run = kritik(link, jdk("jdk", "22"), "config");
        // Then
        assertThat(run.code()).isEqualTo(7);
        assertThat(calls("java")).singleElement().asString().contains("-Dkritik.root=" + root.toRealPath());
    }

    @Test
    void aJdkThatIsTooOldIsPassedOver() throws Exception {
        // Given
        Path old = jdk("old", "17.0.12");
        // When
        Run run = kritik(root.resolve("kritik"), old, "build");
        // Then: another one is used, or, where none is installed, asked for
        if (run.code() == 0) {
            assertThat(calls("mvnw")).singleElement().asString().doesNotContain(old.toString());
        } else {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.output()).contains("no JDK of version 21 or newer").contains("apt install");
        }
    }

    @Test
    void aFailedBuildShowsTheErrorsAndItsExitCodeAndIsTriedAgain() throws Exception {
        // Given
        Path jdk = jdk("jdk", "25");
        Files.createFile(root.resolve("fail"));
        // When
        Run run = kritik(root.resolve("kritik"), jdk, "config");
        // Then
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.output()).contains("Broken.java:[1,2] not a statement").contains("kritik-build.log");
        assertThat(calls("java")).isEmpty();
        // When
        Files.delete(root.resolve("fail"));
        // Then
        assertThat(kritik(root.resolve("kritik"), jdk, "config").code()).isEqualTo(7);
    }

    @Test
    void testRunsAllTestsWithTheGivenArgumentsAndItsExitCode() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        // When // Then
        assertThat(kritik(root.resolve("kritik"), jdk, "test", "-pl", "schemas").code())
                .isZero();
        assertThat(calls("mvnw")).containsExactly("mvnw -ntp verify -T 2 -Pdjl -pl schemas with " + jdk);
        // When // Then
        Files.createFile(root.resolve("fail"));
        assertThat(kritik(root.resolve("kritik"), jdk, "test").code()).isEqualTo(3);
    }

    @Test
    void theBuildIsSmallUntilPyTorchIsAskedForAndKeepsTheProfileThatWasChosen() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        Path launcher = root.resolve("kritik");

        // When // Then
        kritik(launcher, jdk, "config");
        assertThat(calls("mvnw").getLast()).doesNotContain("-P");
        Run chosen = kritik(launcher, jdk, "build", "djl");
        assertThat(chosen.output()).contains("112 MB");
        assertThat(calls("mvnw").getLast()).contains("package -Pdjl ");

        // When // Then: a change, and a plain build, keep it
        source("ops/src/main/java/B.java", Instant.now().plusSeconds(60));
        kritik(launcher, jdk, "config");
        assertThat(calls("mvnw")).hasSize(3).last().asString().contains("-Pdjl ");
        kritik(launcher, jdk, "build");
        assertThat(calls("mvnw")).hasSize(4).last().asString().contains("-Pdjl ");

        // When // Then: until another one is asked for
        kritik(launcher, jdk, "build", "djl-cuda");
        kritik(launcher, jdk, "test");
        assertThat(calls("mvnw")).hasSize(6).last().asString().contains("verify -T 2 -Pdjl-cuda");
        kritik(launcher, jdk, "build", "plain");
        assertThat(calls("mvnw").getLast()).doesNotContain("-P");
        assertThat(kritik(launcher, jdk, "build", "gpu").code()).isEqualTo(2);
    }

    @Test
    void eachProfileHasJarsOfItsOwnWhichABuildReplacesOnlyWhenItHasEndedWell() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        Path launcher = root.resolve("kritik");
        Path plain = root.resolve("ops/target/kritik/plain/lib/kritik-ops-1.jar");
        Path djl = root.resolve("ops/target/kritik/djl/lib/kritik-ops-1.jar");
        kritik(launcher, jdk, "config");

        // When // Then: another profile leaves them alone
        assertThat(kritik(launcher, jdk, "build", "djl").output()).contains("112 MB");
        assertThat(plain).content().doesNotContain("-Pdjl");
        assertThat(djl).content().contains("-Pdjl");
        assertThat(calls("java").getLast()).contains(plain.toString());

        // When // Then: both are built, so nothing is
        environment.put("KRITIK_PROFILE", "plain");
        assertThat(kritik(launcher, jdk, "config").output()).isEmpty();
        assertThat(calls("java").getLast()).contains(plain.toString());
        environment.put("KRITIK_PROFILE", "djl");
        assertThat(kritik(launcher, jdk, "config").output()).isEmpty();
        assertThat(calls("java").getLast()).contains(djl.toString());

        // When // Then: a build keeps the old jars while it runs, and when it fails
        source("ops/src/main/java/B.java", Instant.now().plusSeconds(60));
        kritik(launcher, jdk, "config");
        assertThat(calls("ops/target/kritik/djl/lib/")).as("seen by Maven").isNotEmpty();
        Files.createFile(root.resolve("fail"));
        assertThat(kritik(launcher, jdk, "build").code()).isEqualTo(3);
        assertThat(djl).exists();

        // When // Then: a profile that was never built says so, and what it downloads
        Files.delete(root.resolve("fail"));
        environment.put("KRITIK_PROFILE", "djl-cuda");
        assertThat(kritik(launcher, jdk, "config").output())
                .contains("there is none with the profile djl-cuda yet (PyTorch: 2.5 GB, downloaded once)");
    }

    @Test
    void testsWithoutPyTorchRunOnlyWhereSomebodyAsksForThatAndAreSaidToBeFewer() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        environment.put("KRITIK_PROFILE", "plain");
        // When
        Run run = kritik(root.resolve("kritik"), jdk, "test", "-pl", "schemas");
        // Then
        assertThat(run.code()).isZero();
        assertThat(run.output()).contains("all tests that run a model in process are left out");
        assertThat(calls("mvnw")).containsExactly("mvnw -ntp verify -T 2 -pl schemas with " + jdk);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, aarch64, djl, 2",
        "Darwin, x86_64, djl, 2",
        "Darwin, arm64, djl, 0",
        "Darwin, arm64, djl-cuda, 2",
        "MINGW64_NT-10.0, x86_64, djl, 0",
        "Linux, x86_64, djl-cuda, 0",
        "Linux, aarch64, plain, 0"
    })
    void aMachineForWhichThereIsNoPyTorchIsToldBeforeMavenFails(String system, String machine, String profile, int code)
            throws Exception {
        // Given
        environment.putAll(Map.of("SYSTEM", system, "MACHINE", machine));
        // When
        Run run = kritik(root.resolve("kritik"), jdk("jdk", "21"), "build", profile);
        // Then
        assertThat(run.code()).as(run.output()).isEqualTo(code);
        assertThat(calls("mvnw")).hasSize(code == 0 ? 1 : 0);
        if (code != 0) {
            assertThat(run.output()).contains("not for " + system + " on " + machine, "KRITIK_PROFILE=plain");
        }
    }

    @Test
    void aCommandThatRunsAModelInProcessBuildsWithPyTorchAndSaysTheSize() throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        Path launcher = root.resolve("kritik");
        Path config = Files.writeString(folder.resolve("k.properties"), "a=b\nworker.meta = djl\n");
        Path jury = Files.writeString(folder.resolve("j.properties"), "jury.judges=a,b\njury.b.worker.judge = djl\n");
        Path other = Files.writeString(folder.resolve("o.properties"), "worker.meta=none\n");
        List<List<String>> asking = List.of(
                List.of("generate", "--model", "m"),
                List.of("train", "rft", "--model", "m"),
                List.of("bench", "generate", "--model", "m"),
                List.of("bench", "overlap", "--out", "o"),
                List.of("eval", "--judge", "djl"),
                List.of("eval", "--judge=djl"),
                List.of("eval", "--paradigm", "pairwise"),
                List.of("eval", "--paradigm=semi-scalar"),
                List.of("worker", "--set", "worker.judge=djl"),
                List.of("worker", "--config", jury.toString()),
                List.of("worker", "--config", config.toString()),
                List.of("worker", "--config=" + config));

        kritik(launcher, jdk, "rollouts", "publish", "--job", "djl", "--config", other.toString());
        assertThat(calls("mvnw").getLast()).as("nobody asked").doesNotContain("-P");

        for (List<String> arguments : asking) {
            // When
            Files.writeString(root.resolve("target/kritik-profile"), "plain\n");
            Files.deleteIfExists(root.resolve("ops/target/kritik/djl/built"));
            Run run = kritik(launcher, jdk, arguments.toArray(String[]::new));
            // Then
            assertThat(run.output()).as("%s", arguments).contains("112 MB, downloaded once");
            assertThat(calls("mvnw").getLast()).contains("-Pdjl ");
            // Training keeps its memory, all others give it back.
            boolean trains = arguments.getFirst().equals("train") || arguments.contains("overlap");
            String memory = trains ? "1073741824" : "262144";
            assertThat(calls("environment").getLast()).isEqualTo("environment true true " + memory + " 3000");
        }

        // When // Then: nor for a command that runs no worker
        Files.writeString(root.resolve("target/kritik-profile"), "plain\n");
        kritik(launcher, jdk, "stream", "--config", config.toString());
        assertThat(calls("java").getLast()).contains("/plain/lib/");
        assertThat(calls("environment").getLast()).isEqualTo("environment true true  ");

        // When // Then: a choice of waiting that somebody made for OpenMP stands
        environment.put("OMP_WAIT_POLICY", "active");
        kritik(launcher, jdk, "generate", "--model", "m");
        assertThat(calls("environment").getLast()).isEqualTo("environment true true 262144 ");

        // When // Then: not against what the environment says
        environment.put("KRITIK_PROFILE", "plain");
        kritik(launcher, jdk, "generate", "--model", "m");
        assertThat(calls("java").getLast()).contains("/plain/lib/");
    }

    @Test
    void demoAndLocalAreBuiltWithPyTorchWhereTheJudgeThatComesWithKritikIsThereAndNobodyNamesAnother()
            throws Exception {
        // Given
        Path jdk = jdk("jdk", "21");
        Path launcher = root.resolve("kritik");
        Path named = Files.writeString(folder.resolve("named.properties"), "judge.openai.url = http://a/v1\n");
        Path silent = Files.writeString(folder.resolve("silent.properties"), "judge.djl.temperature=0.7\n");
        List<List<String>> asking = List.of(
                List.of("demo"),
                List.of("local"),
                List.of("local", "--config", silent.toString()),
                List.of("local", "--meta", "none"));
        List<List<String>> others = List.of(
                List.of("demo", "--recorded"),
                List.of("local", "--random-scores"),
                List.of("local", "--no-worker"),
                List.of("local", "--url=http://a/v1"),
                List.of("local", "--set", "worker.judge=openai"),
                List.of("local", "--set", "jury.judges=a,b"),
                List.of("local", "--config", named.toString()),
                List.of("local", "--config=" + named),
                List.of("demo", "--help"));
        kritik(launcher, jdk, "build");

        // When // Then: it is not there
        kritik(launcher, jdk, "demo");
        kritik(launcher, jdk, "local");
        assertThat(calls("java")).hasSize(2).allMatch(call -> call.contains("/plain/lib/"));

        // When // Then
        Files.createDirectories(root.resolve("models/kritik-nano"));
        Files.writeString(root.resolve("models/kritik-nano/config.json"), "{}");
        for (List<String> arguments : asking) {
            Files.writeString(root.resolve("target/kritik-profile"), "plain\n");
            kritik(launcher, jdk, arguments.toArray(String[]::new));
            assertThat(calls("java").getLast()).as("%s", arguments).contains("/djl/lib/");
        }
        for (List<String> arguments : others) {
            Files.writeString(root.resolve("target/kritik-profile"), "plain\n");
            kritik(launcher, jdk, arguments.toArray(String[]::new));
            assertThat(calls("java").getLast()).as("%s", arguments).contains("/plain/lib/");
        }

        // When // Then: a machine for which there is no PyTorch runs it without, and the program says what can be done
        Files.writeString(root.resolve("target/kritik-profile"), "plain\n");
        environment.putAll(Map.of("SYSTEM", "Linux", "MACHINE", "aarch64"));
        assertThat(kritik(launcher, jdk, "demo").code()).isEqualTo(7);
        assertThat(calls("java").getLast()).contains("/plain/lib/");
    }
}
