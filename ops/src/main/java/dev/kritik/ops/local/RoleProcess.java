/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;

import dev.kritik.local.Child;
import dev.kritik.local.StackException;
import dev.kritik.ops.Kritik;
import dev.kritik.ops.generate.Models;

/**
 * A role ({@code kritik stream}, {@code kritik worker}, {@code kritik gateway}, ...) as a child process that can be killed, paused, and started
 * again under the same name and folder: with the same configuration, or as another build. Not thread-safe.
 */
public final class RoleProcess implements AutoCloseable {

    /** What {@link dev.kritik.ops.cli.Role} logs when a role has started. */
    private static final String STARTED = "started; Ctrl-C ends it";

    private static final Duration START = Duration.ofMinutes(2);
    /** A large checkpoint is read from a slow disk; a process that fails is noticed at once all the same. */
    private static final Duration START_WITH_MODEL = Duration.ofMinutes(15);

    private final String role;
    private final String name;
    private final Path folder;
    private final Path configFile;
    private final Map<String, String> base;
    private Launch launch;
    private Duration start = START;
    private Child child;

    private RoleProcess(String role, String name, Path folder, Map<String, String> base, Launch launch) {
        this.role = role;
        this.name = name;
        this.folder = folder;
        this.configFile = folder.resolve(name + ".properties");
        this.base = base;
        this.launch = launch;
    }

    /**
     * Writes the configuration and starts the role; returns at once.
     *
     * @param base its configuration, but for what the launch says
     */
    static RoleProcess launch(String role, String name, Path folder, Map<String, String> base, Launch launch) {
        RoleProcess process = new RoleProcess(role, name, folder, base, launch);
        process.configure();
        process.start();
        return process;
    }

    private void configure() {
        Map<String, String> config = config(base, launch);
        write(configFile, config);
        start = role.equals("worker") && OwnModels.any(config) ? START_WITH_MODEL : START;
    }

    static Map<String, String> config(Map<String, String> base, Launch launch) {
        Map<String, String> config = new TreeMap<>(base);
        config.keySet().removeAll(launch.without());
        config.putAll(launch.settings());
        return config;
    }

    /** Writes configuration keys to a file that {@code --config} reads. */
    static void write(Path file, Map<String, String> config) {
        Properties properties = new Properties();
        properties.putAll(config);
        try {
            Files.createDirectories(file.getParent());
            createForOwner(file);
            try (Writer out = Files.newBufferedWriter(file)) {
                properties.store(out, "Written at each start of the local installation; changes here are lost.");
            }
        } catch (IOException e) {
            throw new StackException("The configuration can't be written to " + file + ": " + e.getMessage(), e);
        }
    }

    /** Whoever gave a secret in clear finds it here: nobody else should. */
    private static void createForOwner(Path file) throws IOException {
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    /** Starts it again after its end; does nothing while it runs. Returns at once. */
    public void start() {
        if (child != null && child.isAlive()) {
            return;
        }
        List<String> jvm = new ArrayList<>(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC", // few cores, small heaps: nothing to collect in parallel
                "--enable-native-access=ALL-UNNAMED")); // RocksDB, zstd
        Optional.ofNullable(System.getProperty(Models.HOME)) // where models lie that are named without a folder
                .ifPresent(
                        home -> jvm.add("-D" + Models.HOME + "=" + Path.of(home).toAbsolutePath()));
        jvm.addAll(List.of("-cp", launch.classPath().orElseGet(() -> System.getProperty("java.class.path"))));
        child = Child.start(
                name,
                jvm,
                List.of(Kritik.class.getName(), role, "--config", configFile.toString()),
                folder.resolveSibling("logs").resolve(name + ".log"),
                folder,
                launch.environment());
    }

    /**
     * Stops it in order where it runs, and starts it in another way under the same name, with the same folder and log: an upgrade,
     * or the way back. Returns at once after the start.
     */
    public void restartAs(Launch next) {
        close();
        launch = next;
        configure();
        start();
    }

    /**
     * Waits until the role says that it has started.
     *
     * @throws StackException if it ends first, or does not start in two minutes (15 with a model to load), with the end of its
     *     log
     */
    public void awaitStarted() {
        child.awaitReady(() -> child.hasLogged(STARTED), start);
    }

    /** Its name, such as {@code worker-1}. */
    public String name() {
        return name;
    }

    /** The process id. */
    public long pid() {
        return child.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return child.isAlive();
    }

    /** The exit code; empty while it runs. */
    public OptionalInt exitCode() {
        return child.exitCode();
    }

    /** The log file. */
    public Path log() {
        return child.log();
    }

    /** The file with its configuration. */
    public Path configFile() {
        return configFile;
    }

    /** Ends it as kill -9 does. */
    public void kill() {
        child.kill();
    }

    /**
     * Stops it where it stands, as kill -STOP does: its connections stay, and it answers nothing. It can still be killed or
     * closed. Does nothing while it is paused.
     *
     * @throws StackException if it doesn't run, or this system can't do it
     */
    public void pause() {
        child.pause();
    }

    /** Lets it go on after {@link #pause}; does nothing if it is not paused. */
    public void resume() {
        child.resume();
    }

    /** Asks it to stop in order and returns at once. */
    public void requestStop() {
        child.requestStop();
    }

    /** Stops it in order; by force after about 20 s. */
    @Override
    public void close() {
        child.close();
    }
}
