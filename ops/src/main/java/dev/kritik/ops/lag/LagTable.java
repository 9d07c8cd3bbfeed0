/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.lag;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.kritik.monitor.lag.LagReport;
import dev.kritik.monitor.lag.PartitionLag;

/** Lag for people. A dash stands for what is not known. */
final class LagTable {

    private static final String LINE = "%-32s  %-8s  %-12s  %7s  %-28s  %10s  %10s  %10s%n";

    private LagTable() {}

    /**
     * A line for each group and topic, with the sums of its partitions; then what could not be read.
     *
     * @param partitions whether there is also a line for each partition
     */
    static String of(LagReport report, boolean partitions) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, LINE, "GROUP", "KIND", "STATE", "MEMBERS", "TOPIC", "POSITION", "RECORDS", "OLDEST"));
        for (LagReport.Group group : report.groups()) {
            Map<String, List<PartitionLag>> topics = report.lags().stream()
                    .filter(lag -> lag.group().equals(group.id()) && lag.kind() == group.kind())
                    .collect(Collectors.groupingBy(PartitionLag::topic, TreeMap::new, Collectors.toList()));
            topics.forEach((topic, lags) -> {
                text.append(line(group, topic, "", records(lags), oldest(lags)));
                if (partitions) {
                    lags.forEach(lag -> text.append(line(
                            group,
                            "  partition " + lag.partition(),
                            shown(lag.position()),
                            lag.records(),
                            lag.seconds())));
                }
            });
        }
        if (report.groups().isEmpty()) {
            text.append("no group has read the topics of this installation yet").append(System.lineSeparator());
        }
        report.problems()
                .forEach(problem -> text.append("not known: ").append(problem).append(System.lineSeparator()));
        return text.toString();
    }

    private static String line(
            LagReport.Group group, String topic, String position, OptionalLong records, OptionalDouble oldest) {
        return String.format(
                Locale.ROOT,
                LINE,
                group.id(),
                group.kind().name().toLowerCase(Locale.ROOT),
                group.state(),
                shown(group.members()),
                topic,
                position,
                shown(records),
                oldest.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f s", oldest.getAsDouble()));
    }

    /** Of all partitions; not known as soon as one is not: a part would pass for the whole. */
    private static OptionalLong records(List<PartitionLag> lags) {
        return lags.stream().anyMatch(lag -> lag.records().isEmpty())
                ? OptionalLong.empty()
                : OptionalLong.of(lags.stream()
                        .mapToLong(lag -> lag.records().getAsLong())
                        .sum());
    }

    private static OptionalDouble oldest(List<PartitionLag> lags) {
        return lags.stream().anyMatch(lag -> lag.seconds().isEmpty())
                ? OptionalDouble.empty()
                : lags.stream().mapToDouble(lag -> lag.seconds().getAsDouble()).max();
    }

    private static String shown(OptionalLong value) {
        return value.isEmpty() ? "-" : Long.toString(value.getAsLong());
    }

    private static String shown(OptionalInt value) {
        return value.isEmpty() ? "-" : Integer.toString(value.getAsInt());
    }
}
