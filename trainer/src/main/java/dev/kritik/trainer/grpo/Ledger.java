/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.kritik.trainer.run.StepLines;

/**
 * What became of each group: counts by fate, and a line for each in {@code groups.jsonl}. A group of a step that no checkpoint
 * has is neither in the counts nor in the file of the run that goes on. For one thread.
 */
final class Ledger {

    private final StepLines file;
    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);

    Ledger(StepLines file) {
        this.file = file;
    }

    /** Begins, or goes on after a step with the counts of then. */
    void goOn(int step, Map<Fate, Long> before) {
        counts.clear();
        counts.putAll(before);
        try {
            file.truncateAfter(step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes down the groups of a step that is done. */
    void add(int step, StepGroups groups) {
        for (Settled settled : groups.all()) {
            counts.merge(settled.fate(), 1L, Long::sum);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("group", settled.group().id().groupId());
            line.put("attempt", settled.group().id().attempt());
            line.put("fate", settled.fate().label());
            line.put("staleness", settled.staleness());
            line.put("status", settled.group().reward().getStatus().name());
            append(line);
        }
    }

    /**
     * Groups that are neither settled nor waiting after a restart.
     *
     * @param step that is done next: until its checkpoint is there, a further restart finds the same groups lost again
     */
    void lost(int step, long count) {
        counts.merge(Fate.LOST, count, Long::sum);
        append(new LinkedHashMap<>(Map.of("step", step, "fate", Fate.LOST.label(), "count", count)));
    }

    private void append(Map<String, Object> line) {
        try {
            file.append(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has all lines on the disk. */
    void force() {
        try {
            file.force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Groups by fate; those that have none are left out. */
    Map<Fate, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** Groups whose fate is known. */
    long settled() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
