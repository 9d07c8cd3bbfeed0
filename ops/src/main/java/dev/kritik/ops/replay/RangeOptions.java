/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;

/** Which part of the topics a command reads. */
final class RangeOptions {

    static final String CRITIQUES = "critiques";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Time.class,
            description =
                    "Only records from this time on: an ISO instant (2026-11-01T00:00:00Z) or epoch milliseconds.")
    private Long from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Only records before this time. The time of a record is the one that its topic keeps.")
    private Long to;

    @Option(
            names = "--from-offsets",
            paramLabel = "P:O,...",
            converter = OffsetsOption.class,
            description = "First offset by partition: 0:100,1:90 of the rollouts, critiques:0:40 of the critiques. A"
                    + " partition that is not named begins with its first record.")
    private Offsets fromOffsets = new Offsets(Map.of(), Map.of());

    @Option(
            names = "--to-offsets",
            paramLabel = "P:O,...",
            converter = OffsetsOption.class,
            description =
                    "Offset before which a partition ends, likewise. A partition that is not named ends with its last"
                            + " record when the command starts.")
    private Offsets toOffsets = new Offsets(Map.of(), Map.of());

    /** Offsets by partition, of both topics. */
    record Offsets(Map<Integer, Long> rollouts, Map<Integer, Long> critiques) {}

    /**
     * Refuses what ends before it begins.
     *
     * @throws ParameterException naming it
     */
    void check(CommandLine command) {
        if (from != null && to != null && from > to) {
            throw new ParameterException(command, "--from is later than --to");
        }
        check(command, "", fromOffsets.rollouts(), toOffsets.rollouts());
        check(command, CRITIQUES + ":", fromOffsets.critiques(), toOffsets.critiques());
    }

    private static void check(CommandLine command, String topic, Map<Integer, Long> first, Map<Integer, Long> end) {
        first.forEach((partition, offset) -> {
            if (offset > end.getOrDefault(partition, Long.MAX_VALUE)) {
                throw new ParameterException(
                        command,
                        "--from-offsets " + topic + partition + ":" + offset + " is behind --to-offsets " + topic
                                + partition + ":" + end.get(partition));
            }
        });
    }

    Bounds rollouts() {
        return new Bounds(from, to, fromOffsets.rollouts(), toOffsets.rollouts());
    }

    Bounds critiques() {
        return new Bounds(from, to, fromOffsets.critiques(), toOffsets.critiques());
    }

    /** The options that give the same part again, whatever has been written since. */
    String again(SortedMap<Integer, Span> rollouts, SortedMap<Integer, Span> critiques) {
        StringBuilder times = new StringBuilder();
        if (from != null) {
            times.append(" --from ").append(from);
        }
        if (to != null) {
            times.append(" --to ").append(to);
        }
        return "--from-offsets " + offsets(rollouts, critiques, true) + " --to-offsets "
                + offsets(rollouts, critiques, false) + times;
    }

    private static String offsets(
            SortedMap<Integer, Span> rollouts, SortedMap<Integer, Span> critiques, boolean first) {
        return offsets("", rollouts, first) + "," + offsets(CRITIQUES + ":", critiques, first);
    }

    private static String offsets(String prefix, SortedMap<Integer, Span> spans, boolean first) {
        return spans.entrySet().stream()
                .map(entry -> prefix + entry.getKey() + ":"
                        + (first ? entry.getValue().from() : entry.getValue().to()))
                .collect(Collectors.joining(","));
    }

    static final class Time implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return text.matches("\\d+")
                        ? Long.valueOf(text)
                        : Long.valueOf(Instant.parse(text).toEpochMilli());
            } catch (DateTimeException | NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither an ISO instant, as 2026-11-01T00:00:00Z, nor epoch milliseconds");
            }
        }
    }

    static final class OffsetsOption implements ITypeConverter<Offsets> {

        private static final Pattern ITEM = Pattern.compile("(?:(rollouts|critiques):)?(\\d{1,9}):(\\d{1,18})");

        @Override
        public Offsets convert(String text) {
            Map<Integer, Long> rollouts = new HashMap<>();
            Map<Integer, Long> critiques = new HashMap<>();
            for (String item : text.split(",", -1)) {
                Matcher matcher = ITEM.matcher(item.strip());
                if (!matcher.matches()) {
                    throw new TypeConversionException("'" + item
                            + "' is no partition with its offset, as 0:100 (rollouts) or critiques:0:40 (critiques)");
                }
                Entry<Integer, Long> offset =
                        Map.entry(Integer.valueOf(matcher.group(2)), Long.valueOf(matcher.group(3)));
                Map<Integer, Long> topic = CRITIQUES.equals(matcher.group(1)) ? critiques : rollouts;
                if (topic.putIfAbsent(offset.getKey(), offset.getValue()) != null) {
                    throw new TypeConversionException("partition " + offset.getKey() + " is named twice");
                }
            }
            return new Offsets(rollouts, critiques);
        }
    }
}
