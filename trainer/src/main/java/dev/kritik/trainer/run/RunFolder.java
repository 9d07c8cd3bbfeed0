/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a run: {@code config.properties}, {@code metrics.jsonl}, {@code report.html}, {@code checkpoints/},
 * {@code final/}, and {@code prepared/} for what a training makes before its first step. One process at a time.
 */
final class RunFolder implements AutoCloseable {

    private static final String CONFIG = "config.properties";
    private static final String LOCK = ".lock";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String FINAL = "final";
    private static final String PREPARED = "prepared";
    private static final String KIND = "run.kind";

    /**
     * What may be there before a run: what a process leaves that was killed before it had written its configuration, and what
     * a command made for the run, data to learn from and an installation of its own.
     */
    private static final Set<String> BEFORE = Set.of(LOCK, "." + CONFIG + ".tmp", "data", "local");

    /**
     * What may differ when a run goes on: where things lie, where it is computed, which checkpoints stay, how long it waits, and
     * what it does when it finds something wrong.
     */
    private static final Set<String> FREE = Set.of(
            "run.model",
            "run.data",
            "run.mix",
            "run.eval",
            "train.device",
            "train.threads",
            "train.checkpoint.every",
            "train.checkpoint.keep",
            "grpo.patience.ms",
            "grpo.alarm",
            "grpo.alarm.sigmas");

    private final Path folder;
    private final FileChannel channel;

    private RunFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes a folder for a run, or opens that of one that is to go on.
     *
     * @param settings everything that the result depends on
     * @param mustExist whether there must be a run in it
     * @throws TrainException if there is another run in it, something else, a process that trains in it, or no run although
     *     there must be one
     */
    static RunFolder open(Path folder, SortedMap<String, String> settings, boolean mustExist) throws IOException {
        Path config = folder.resolve(CONFIG);
        boolean exists = Files.exists(config);
        if (!exists && mustExist) {
            throw new TrainException("there is no run in " + folder + " that could go on: it has no " + CONFIG);
        }
        if (!exists && notEmpty(folder)) {
            throw new TrainException(folder + " holds something else than a run: give an empty or a new folder");
        }
        Files.createDirectories(folder);
        FileChannel lock = lock(folder);
        try {
            Map<String, String> there = exists ? read(config) : settings;
            String difference = difference(there, settings);
            if (!difference.isEmpty() && (mustExist || begun(folder))) {
                throw new TrainException(folder + " holds a run of another configuration: " + difference
                        + ". Give the same to go on, or another folder");
            }
            if (!difference.isEmpty()) { // it failed before its first step: what it prepared is of no use
                Disk.deleteTree(folder.resolve(PREPARED));
            }
            Disk.write(config, text(settings));
            return new RunFolder(folder, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Whether there is something that was trained. */
    private static boolean begun(Path folder) throws IOException {
        Path checkpoints = folder.resolve(CHECKPOINTS);
        return Files.exists(folder.resolve(FINAL)) || (Files.exists(checkpoints) && notEmpty(checkpoints));
    }

    private static boolean notEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).anyMatch(name -> !BEFORE.contains(name));
        }
    }

    @SuppressWarnings("resource") // closed with the folder
    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new TrainException("another process trains in " + folder);
        }
        return channel;
    }

    /** Which keys differ, in words; empty if none does. */
    private static String difference(Map<String, String> there, Map<String, String> wanted) {
        if (!Objects.equals(there.get(KIND), wanted.get(KIND))) {
            return "it is of 'kritik train " + there.get(KIND) + "'";
        }
        SortedSet<String> keys = new TreeSet<>(there.keySet());
        keys.addAll(wanted.keySet());
        keys.removeAll(FREE);
        keys.removeIf(key -> Objects.equals(there.get(key), wanted.get(key)));
        // "none" stands for a file that is not there; no entry at all, for a run of before they were looked at.
        keys.removeIf(key -> key.startsWith(Settings.MODEL_FILE) && !there.containsKey(key));
        return keys.stream()
                .map(key -> key + " is " + there.getOrDefault(key, "not set") + " there, and "
                        + wanted.getOrDefault(key, "not set") + " now")
                .collect(Collectors.joining("; "));
    }

    private static Map<String, String> read(Path config) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(config)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw new TrainException(config + " can't be read: " + e.getMessage(), e);
        }
        Map<String, String> read = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
        return read;
    }

    /** As a properties file, sorted, without a date. */
    private static String text(SortedMap<String, String> settings) throws IOException {
        StringBuilder text = new StringBuilder("# What this run was started with; it goes on with the same only.\n");
        for (Map.Entry<String, String> entry : settings.entrySet()) {
            Properties one = new Properties();
            one.setProperty(entry.getKey(), entry.getValue());
            StringWriter line = new StringWriter();
            one.store(line, null);
            line.toString()
                    .lines()
                    .filter(each -> !each.startsWith("#"))
                    .forEach(each -> text.append(each).append('\n'));
        }
        return text.toString();
    }

    Path path() {
        return folder;
    }

    Path report() {
        return folder.resolve("report.html");
    }

    Path finalModel() {
        return folder.resolve(FINAL);
    }

    StepLines metrics() {
        return lines("metrics.jsonl");
    }

    /** Another file of lines that belong to steps. */
    StepLines lines(String name) {
        return new StepLines(folder.resolve(name));
    }

    Checkpoints checkpoints() throws IOException {
        return new Checkpoints(folder.resolve(CHECKPOINTS));
    }

    /** What a training prepares before its first step. */
    Path prepared() {
        return folder.resolve(PREPARED);
    }

    /** Lets another process train here. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
