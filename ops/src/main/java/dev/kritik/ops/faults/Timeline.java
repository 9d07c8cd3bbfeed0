/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What was done to an installation and when, in memory and as JSON Lines. Safe for use by many threads. */
public final class Timeline implements AutoCloseable {

    /** Kinds of events. */
    public enum Event {
        /** A run begins. */
        BEGIN,
        /** A fault strikes: the time before its first step. */
        STRIKE,
        /** The first step is done: a process is gone, say. */
        STRUCK,
        /** All of it is healed: processes run again. */
        HEALED,
        /** A fault could not be done; the detail says why. */
        SKIPPED,
        /** Something that helps to read the rest. */
        NOTE,
        /** Nothing strikes any more. */
        QUIET,
        /** The run ends. */
        END
    }

    /**
     * One event.
     *
     * @param ms epoch milliseconds
     * @param number of the fault in its schedule; -1 for other events
     * @param fault name of the kind; empty for other events
     * @param target what it strikes, such as {@code worker-2}; empty where that is clear
     * @param partitions of {@code rollouts} that hung on the target; empty where that says nothing
     * @param detail in words
     */
    public record Entry(
            long ms, Event event, int number, String fault, String target, List<Integer> partitions, String detail) {

        public Entry {
            partitions = List.copyOf(partitions);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries = new ArrayList<>();
    private final BufferedWriter out;
    private final Consumer<Entry> listener;

    /**
     * Begins one.
     *
     * @param file for JSON Lines, written anew
     * @param listener is told of each event, on the thread that reports it
     */
    public Timeline(Path file, Consumer<Entry> listener) {
        this.listener = listener;
        try {
            out = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the timeline can't be written: " + file, e);
        }
    }

    /** Adds an event that happens now. */
    public void add(Event event, String detail) {
        add(new Entry(System.currentTimeMillis(), event, -1, "", "", List.of(), detail));
    }

    /** Adds an event. */
    public synchronized void add(Entry entry) {
        entries.add(entry);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ms", entry.ms());
        line.put("event", entry.event().name().toLowerCase(Locale.ROOT));
        if (entry.number() >= 0) {
            line.put("number", entry.number());
            line.put("fault", entry.fault());
            line.put("target", entry.target());
        }
        if (!entry.partitions().isEmpty()) {
            line.put("partitions", entry.partitions());
        }
        line.put("detail", entry.detail());
        try {
            out.write(JSON.writeValueAsString(line));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the timeline can't be written", e);
        }
        listener.accept(entry);
    }

    /** All events so far. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the timeline can't be written", e);
        }
    }
}
