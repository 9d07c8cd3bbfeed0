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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;

/** Which part of the topics a command reads. */
final class RangeOptions {

    static final String ROLLOUTS = "rollouts";
    static final String CRITIQUES = "critiques";
    static final String REWARDS = "rewards";

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
            description = "First offset by partition: 0:100,1:90 of the rollouts, critiques:0:40 of the critiques,"
                    + " rewards:0:12 of the rewards. A partition that is not named begins with its first record.")
    private Offsets fromOffsets = new Offsets(Map.of());

    @Option(
            names = "--to-offsets",
            paramLabel = "P:O,...",
            converter = OffsetsOption.class,
            description =
                    "Offset before which a partition ends, likewise. A partition that is not named ends with its last"
                            + " record when the command starts.")
    private Offsets toOffsets = new Offsets(Map.of());

    /** Offsets by topic (its name without a prefix) and partition. */
    record Offsets(Map<String, Map<Integer, Long>> byTopic) {
        Map<Integer, Long> of(String topic) {
            return byTopic.getOrDefault(topic, Map.of());
        }
    }

    /**
     * Refuses what ends before it begins.
     *
     * @throws ParameterException naming it
     */
    void check(CommandLine command) {
        if (from != null && to != null && from > to) {
            throw new ParameterException(command, "--from is later than --to");
        }
        for (String topic : List.of(ROLLOUTS, CRITIQUES, REWARDS)) {
            check(command, named(topic), fromOffsets.of(topic), toOffsets.of(topic));
        }
    }

    /** What stands before the partitions of a topic: nothing before those of the rollouts. */
    private static String named(String topic) {
        return topic.equals(ROLLOUTS) ? "" : topic + ":";
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
        return of(ROLLOUTS);
    }

    Bounds critiques() {
        return of(CRITIQUES);
    }

    /** The part of a topic, which is named without a prefix. */
    Bounds of(String topic) {
        return new Bounds(from, to, fromOffsets.of(topic), toOffsets.of(topic));
    }

    /** Topics of which offsets are named. */
    Set<String> topicsWithOffsets() {
        Set<String> topics = new TreeSet<>(fromOffsets.byTopic().keySet());
        topics.addAll(toOffsets.byTopic().keySet());
        return topics;
    }

    /** The options that give the same part again, whatever has been written since. */
    String again(SortedMap<Integer, Span> rollouts, SortedMap<Integer, Span> critiques) {
        Map<String, SortedMap<Integer, Span>> spans = new LinkedHashMap<>();
        spans.put(ROLLOUTS, rollouts);
        spans.put(CRITIQUES, critiques);
        return again(spans);
    }

    /** The same for any of the topics. */
    String again(Map<String, SortedMap<Integer, Span>> spans) {
        StringBuilder times = new StringBuilder();
        if (from != null) {
            times.append(" --from ").append(from);
        }
        if (to != null) {
            times.append(" --to ").append(to);
        }
        return "--from-offsets " + offsets(spans, true) + " --to-offsets " + offsets(spans, false) + times;
    }

    private static String offsets(Map<String, SortedMap<Integer, Span>> spans, boolean first) {
        return spans.entrySet().stream()
                .map(topic -> offsets(named(topic.getKey()), topic.getValue(), first))
                .collect(Collectors.joining(","));
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

        private static final Pattern ITEM = Pattern.compile("(?:(rollouts|critiques|rewards):)?(\\d{1,9}):(\\d{1,18})");

        @Override
        public Offsets convert(String text) {
            Map<String, Map<Integer, Long>> topics = new HashMap<>();
            for (String item : text.split(",", -1)) {
                Matcher matcher = ITEM.matcher(item.strip());
                if (!matcher.matches()) {
                    throw new TypeConversionException("'" + item
                            + "' is no partition with its offset, as 0:100 (rollouts), critiques:0:40 or rewards:0:12");
                }
                int partition = Integer.parseInt(matcher.group(2));
                Map<Integer, Long> topic = topics.computeIfAbsent(
                        matcher.group(1) == null ? ROLLOUTS : matcher.group(1), name -> new HashMap<>());
                if (topic.putIfAbsent(partition, Long.valueOf(matcher.group(3))) != null) {
                    throw new TypeConversionException("partition " + partition + " is named twice");
                }
            }
            return new Offsets(topics);
        }
    }
}
