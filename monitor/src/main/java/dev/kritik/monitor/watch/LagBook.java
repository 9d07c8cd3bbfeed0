/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.monitor.watch.Overview.LagLine;

/** Lag of partitions, summed by group and topic. What is not known stays unknown. */
final class LagBook {

    private LagBook() {}

    static List<LagLine> lines(List<PartitionLag> partitions) {
        Map<List<String>, List<PartitionLag>> together = new LinkedHashMap<>();
        for (PartitionLag one : partitions) {
            together.computeIfAbsent(List.of(one.group(), one.topic()), same -> new ArrayList<>())
                    .add(one);
        }
        return together.values().stream().map(LagBook::line).toList();
    }

    private static LagLine line(List<PartitionLag> all) {
        boolean recordsKnown = all.stream().allMatch(one -> one.records().isPresent());
        boolean secondsKnown = all.stream().allMatch(one -> one.seconds().isPresent());
        PartitionLag first = all.getFirst();
        return new LagLine(
                first.group(),
                first.kind(),
                first.topic(),
                all.size(),
                recordsKnown
                        ? (Long) all.stream()
                                .mapToLong(one -> one.records().getAsLong())
                                .sum()
                        : null,
                secondsKnown
                        ? (Double) all.stream()
                                .mapToDouble(one -> one.seconds().getAsDouble())
                                .max()
                                .orElse(0)
                        : null);
    }

    /** What a chart of this line is called. */
    static String name(LagLine line) {
        return line.group() + " on " + line.topic();
    }

    /** Lines with a number, by name; the first few. */
    static Map<String, Long> numbers(List<LagLine> lines, int most) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        lines.stream()
                .filter(line -> Objects.nonNull(line.records()))
                .limit(most)
                .forEach(line -> numbers.put(name(line), line.records()));
        return numbers;
    }
}
