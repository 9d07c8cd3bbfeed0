/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checkpoints of a run, {@code checkpoints/step-NNNNNN}: a model as Hugging Face saves it, what the run needs to go on,
 * and a {@link Manifest}. One is written under another name and renamed when all of it is on the disk, so that none is ever
 * there in half.
 */
final class Checkpoints {

    /** Weights in float32 and moments of the optimizer. */
    static final String STATE = "trainer.safetensors";

    /** What the kind of training has to remember besides. */
    static final String PROGRESS = "progress.json";

    /** Files that are no part of the model. */
    static final Set<String> OWN = Set.of(STATE, PROGRESS, Position.NAME, Manifest.NAME);

    private static final Pattern NAME = Pattern.compile("step-(\\d{6,})");

    /** What {@link #write} calls the one that it replaces. */
    private static final Pattern REPLACED = Pattern.compile("\\.(step-\\d{6,})\\.old");

    private final Path folder;

    /** Writes the files of a checkpoint. */
    @FunctionalInterface
    interface Writer {
        /** May also throw an {@link UncheckedIOException}. */
        void write(Path folder) throws IOException;
    }

    /** A checkpoint that is whole. */
    record Found(Path folder, Position position) {}

    /**
     * Leftovers of a process that was killed are removed. One that was killed while it put a checkpoint in the place of
     * another has left that under its other name: it gets its own again.
     */
    Checkpoints(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (Stream<Path> all = Files.list(folder)) {
            for (Path hidden : all.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList()) {
                Matcher replaced = REPLACED.matcher(hidden.getFileName().toString());
                if (replaced.matches() && !Files.exists(folder.resolve(replaced.group(1)))) {
                    Files.move(hidden, folder.resolve(replaced.group(1)), StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Disk.deleteTree(hidden);
                }
            }
        }
    }

    Path of(int step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%06d", step));
    }

    /**
     * The newest that is whole; empty if there is none, neither whole nor broken. Broken ones that are newer get another
     * name, so that nobody takes them for one, and they don't count among those that are kept; the warning says file and
     * reason.
     *
     * @throws TrainException if all are broken, naming each with its reason: whoever trained for days decides whether to
     *     begin anew. They stay as they are, so that the next try says the same
     */
    Optional<Found> newest(Consumer<String> warning) throws IOException {
        Map<Path, String> broken = new LinkedHashMap<>();
        for (Path candidate : all()) {
            Optional<String> problem = problem(candidate);
            if (problem.isEmpty()) {
                setAside(broken, warning);
                return Optional.of(new Found(candidate, Position.read(candidate)));
            }
            broken.put(candidate, problem.get());
        }
        if (!broken.isEmpty()) {
            throw new TrainException("no checkpoint of this run is whole, and nothing was changed: "
                    + broken.entrySet().stream()
                            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                            .collect(Collectors.joining(", "))
                    + ". To begin anew delete them, or give another folder (--out)");
        }
        return Optional.empty();
    }

    private static Optional<String> problem(Path checkpoint) {
        Optional<String> problem = Manifest.problem(checkpoint);
        if (problem.isPresent()) {
            return problem;
        }
        try {
            var unused = Position.read(checkpoint);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void setAside(Map<Path, String> broken, Consumer<String> warning) throws IOException {
        for (Map.Entry<Path, String> entry : broken.entrySet()) {
            Path aside =
                    entry.getKey().resolveSibling("broken-" + entry.getKey().getFileName());
            Disk.deleteTree(aside);
            Files.move(entry.getKey(), aside);
            warning.accept("the checkpoint " + entry.getKey() + " is passed over: " + entry.getValue()
                    + ". It is called " + aside.getFileName() + " now");
        }
    }

    /** All, the newest first. */
    private List<Path> all() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> step(path) >= 0)
                    .sorted(Comparator.comparingInt(Checkpoints::step).reversed())
                    .toList();
        }
    }

    private static int step(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    /**
     * Writes a checkpoint; one of the same step is replaced.
     *
     * @throws IOException if it can't be written; what was written of it is removed, and all others are as before
     */
    void save(Position position, Writer writer) throws IOException {
        write(of(position.step()), temporary -> {
            writer.write(temporary);
            position.write(temporary);
            Manifest.write(temporary);
        });
    }

    /** Writes a folder as a whole or not at all, in place of what is there. */
    static void write(Path target, Writer writer) throws IOException {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        Path old = target.resolveSibling("." + target.getFileName() + ".old");
        Disk.deleteTree(old);
        Disk.deleteTree(temporary);
        try {
            Files.createDirectories(temporary);
            writer.write(temporary);
            for (Path file : Disk.files(temporary)) {
                Disk.force(file);
            }
            Disk.forceFolder(temporary);
            if (Files.exists(target)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            Disk.forceFolder(target.toAbsolutePath().getParent());
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            removeQuietly(temporary);
            removeQuietly(old);
        }
    }

    private static void removeQuietly(Path leftover) {
        try {
            Disk.deleteTree(leftover);
        } catch (IOException e) {
            // The next run removes it; the reason why it is there is more important.
        }
    }

    /** Removes all but the newest ones and that of one step. */
    void prune(int newest, int best) throws IOException {
        List<Path> others = new ArrayList<>(all());
        others.removeIf(path -> step(path) == best);
        for (Path old : others.stream().skip(newest).toList()) {
            Disk.deleteTree(old);
        }
    }
}
