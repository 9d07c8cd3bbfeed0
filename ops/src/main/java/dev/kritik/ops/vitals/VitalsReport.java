/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The trends of all processes of a run. Pure. */
public final class VitalsReport {

    private static final double MIB = 1024 * 1024;

    /** Growth that counts as flat. */
    private static final double SHARE = 0.1;

    /** A quantity of a process, and how it went. */
    public record Line(String process, String what, String unit, Trend trend, boolean flat) {}

    private VitalsReport() {}

    /** Lines for each process with enough samples, by name: memory, open files, threads, bytes of its state. */
    public static List<Line> of(List<Sample> samples) {
        Map<String, List<Sample>> byProcess = new TreeMap<>();
        samples.forEach(sample -> byProcess
                .computeIfAbsent(sample.process(), name -> new ArrayList<>())
                .add(sample));
        List<Line> lines = new ArrayList<>();
        byProcess.forEach((process, own) -> {
            if (own.size() >= Trend.FEWEST) {
                lines.add(line(process, own, "memory", "MiB", Sample::residentBytes, MIB, 32));
                lines.add(line(process, own, "open files", "", Sample::openFiles, 1, 16));
                lines.add(line(process, own, "threads", "", Sample::threads, 1, 8));
                if (own.stream().anyMatch(sample -> sample.stateBytes() > 0)) {
                    lines.add(line(process, own, "state", "MiB", Sample::stateBytes, MIB, 16));
                }
            }
        });
        return lines;
    }

    /** @param amount growth, in the unit, that counts as flat however small the value is */
    private static Line line(
            String process,
            List<Sample> samples,
            String what,
            String unit,
            ToLongFunction<Sample> value,
            double divisor,
            double amount) {
        Trend trend = Trend.of(samples.stream()
                .mapToDouble(sample -> value.applyAsLong(sample) / divisor)
                .toArray());
        return new Line(process, what, unit, trend, trend.flat(SHARE, amount));
    }
}
