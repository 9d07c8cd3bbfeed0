/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.schema.Topics;

/**
 * What is exported, and as what. An export that was interrupted goes on only for an equal request.
 *
 * @param cluster id of the Kafka cluster
 * @param prefix of the topics
 * @param what topics, in the order in which they are read
 * @param zstd whether JSON Lines are compressed
 * @param jobs whose records are wanted; empty for all
 * @param bounds by topic
 */
public record ExportRequest(
        String cluster,
        String prefix,
        List<What> what,
        Format format,
        boolean zstd,
        List<String> jobs,
        SortedMap<What, Bounds> bounds) {

    public ExportRequest {
        what = what.stream().distinct().sorted().toList();
        jobs = jobs.stream().distinct().sorted().toList();
        bounds = new TreeMap<>(bounds);
    }

    String topic(What one) {
        return one.topic(new Topics(prefix));
    }

    boolean wants(String job) {
        return jobs.isEmpty() || jobs.contains(job);
    }

    /** The options other than those of the range. */
    String options() {
        return "--what " + what.stream().map(What::name).collect(Collectors.joining(","))
                + (format == Format.jsonl ? "" : " --format " + format)
                + (zstd ? " --zstd" : "")
                + jobs.stream().map(job -> " --job " + job).collect(Collectors.joining());
    }
}
