/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What processes of this machine take. */
public final class ProcessUse {

    private ProcessUse() {}

    /**
     * CPU time of processes since their start, in seconds, by name. Linux counts it in hundredths.
     *
     * @param pids process ids by name; one that has ended, or whose time is not told, is left out
     */
    public static Map<String, Double> cpu(Map<String, Long> pids) {
        Map<String, Double> seconds = new TreeMap<>();
        pids.forEach((name, pid) -> ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .ifPresent(nanos -> seconds.put(name, nanos / 1e9)));
        return seconds;
    }

    /** What lies between two readings of {@link #cpu}, for names that stand in both. */
    public static Map<String, Double> between(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> differences = new TreeMap<>();
        after.forEach((name, seconds) -> {
            if (before.containsKey(name)) {
                differences.put(name, seconds - before.get(name));
            }
        });
        return differences;
    }

    /** Resident memory of a process in bytes; empty where the system does not tell. */
    public static OptionalLong memory(long pid) {
        return memory(Path.of("/proc/" + pid + "/status"));
    }

    static OptionalLong memory(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty(); // not Linux, or it has ended
        }
    }
}
