/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;

/**
 * How far the export of a topic is, as far as it is on disk.
 *
 * @param spans what is read of each partition
 * @param partition that is being read; those before it are done; their number when all are done
 * @param next offset in that partition
 * @param at place that the sink has reached
 * @param records that were written
 * @param unreadable records that can't be read
 * @param unreadableAt the first of these
 * @param otherTimes records of other times
 * @param otherJobs records of other jobs
 */
record TopicState(
        SortedMap<Integer, Span> spans,
        int partition,
        long next,
        long at,
        long records,
        long unreadable,
        List<Unreadable> unreadableAt,
        long otherTimes,
        long otherJobs) {

    /** Nothing has been read. */
    static TopicState begin(SortedMap<Integer, Span> spans) {
        return new TopicState(spans, 0, spans.isEmpty() ? 0 : spans.get(0).from(), 0, 0, 0, List.of(), 0, 0);
    }

    boolean done() {
        return partition >= spans.size();
    }

    /** Offsets that are behind us. */
    long passed() {
        return spans.entrySet().stream()
                .mapToLong(entry -> entry.getKey() < partition
                        ? entry.getValue().to() - entry.getValue().from()
                        : entry.getKey() == partition ? next - entry.getValue().from() : 0)
                .sum();
    }

    long length() {
        return spans.values().stream()
                .mapToLong(span -> span.to() - span.from())
                .sum();
    }

    /** What is still to be read; of what is done nothing is asked for, for it may be gone from the topic by now. */
    Bounds rest(Bounds asked) {
        Map<Integer, Long> from = new HashMap<>();
        Map<Integer, Long> to = new HashMap<>();
        spans.forEach((number, span) -> {
            from.put(number, number < partition ? span.to() : number == partition ? next : span.from());
            to.put(number, span.to());
        });
        return new Bounds(asked.fromMs(), asked.toMs(), from, to);
    }
}
