/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was measured in one case and round.
 *
 * @param round from 1
 * @param of the case
 * @param notOk groups that did not end as OK
 * @param seconds from the first rollout of the measured groups that the stream application took in, to the last group that it
 *     closed
 * @param cpu seconds of each process meanwhile, by role
 * @param topicBytes on the brokers' disks, of all groups of the case, by topic, without the prefix
 * @param stateBytes of the stream application on its disk, at the end
 * @param memoryBytes resident, of the stream application at the end; 0 where the system does not tell
 * @param pass the pass-through of the same records
 */
record CeilingResult(
        int round,
        CeilingCase of,
        long notOk,
        double seconds,
        Map<String, Double> cpu,
        Map<String, Long> topicBytes,
        long stateBytes,
        long memoryBytes,
        Optional<Pass> pass) {

    /** The role whose CPU time is held against the pass-through's. */
    static final String STREAM = "stream";

    /**
     * A pass-through.
     *
     * @param records that it passed
     * @param seconds from the first to the last of them
     * @param cpuSeconds of its process, its start left out, its rebalance not
     */
    record Pass(long records, double seconds, double cpuSeconds) {
        double recordsPerSecond() {
            return records / seconds;
        }
    }

    double groupsPerSecond() {
        return of.groups() / seconds;
    }

    double samplesPerSecond() {
        return groupsPerSecond() * of.samplesPerGroup();
    }

    double recordsPerSecond() {
        return of.records() / seconds;
    }

    /** The share of the pass-through's records a second. */
    Optional<Double> ofPass() {
        return pass.map(it -> recordsPerSecond() / it.recordsPerSecond());
    }

    /**
     * The same of records for each second of CPU time of the process: nearly the same whoever else is at work on the machine.
     */
    Optional<Double> cpuOfPass() {
        return pass.map(it -> it.cpuSeconds() / it.records() / (cpu.getOrDefault(STREAM, Double.NaN) / of.records()));
    }

    /** CPU milliseconds for each sample, by role. */
    Map<String, Double> cpuMsPerSample() {
        Map<String, Double> each = new TreeMap<>();
        double samples = (double) of.groups() * of.samplesPerGroup();
        cpu.forEach((role, spent) -> each.put(role, spent * 1000 / samples));
        return each;
    }

    /** Bytes on topics for each sample, by topic. */
    Map<String, Double> bytesPerSample() {
        Map<String, Double> each = new TreeMap<>();
        double samples = (double) (of.groups() + of.warmUp()) * of.samplesPerGroup();
        topicBytes.forEach((topic, bytes) -> each.put(topic, bytes / samples));
        return each;
    }

    Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "ceiling");
        values.put("series", of.series());
        values.put("mode", of.mode().word());
        values.put("round", round);
        values.put("k", of.k());
        values.put("group_size", of.groupSize());
        values.put("panel_size", of.panelSize());
        values.put("response_chars", of.responseChars());
        values.put("open_groups", of.openGroups());
        values.put("groups", of.groups());
        values.put("groups_not_ok", notOk);
        values.put("records", of.records());
        values.put("seconds", seconds);
        values.put("groups_per_second", groupsPerSecond());
        values.put("samples_per_second", samplesPerSecond());
        values.put("records_per_second", recordsPerSecond());
        values.put("cpu_ms_per_sample", cpuMsPerSample());
        values.put("bytes_per_sample", bytesPerSample());
        values.put("state_bytes", stateBytes);
        values.put("stream_memory_bytes", memoryBytes);
        pass.ifPresent(it -> {
            values.put("pass_through_records", it.records());
            values.put("pass_through_seconds", it.seconds());
            values.put("pass_through_records_per_second", it.recordsPerSecond());
            values.put("pass_through_cpu_ms_per_record", it.cpuSeconds() * 1000 / it.records());
            values.put("of_pass_through", ofPass().orElseThrow());
            values.put("cpu_of_pass_through", cpuOfPass().orElseThrow());
        });
        return values;
    }
}
