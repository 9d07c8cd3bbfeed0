/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.ops.faults.Workload.Mix;
import dev.kritik.ops.judge.Latency;

/**
 * What one run does.
 *
 * @param seed of schedule, workload and judge
 * @param length how long groups are published, and faults strike
 * @param rollouts at which number no further group is published; {@code Long.MAX_VALUE}: by time alone
 * @param rate groups a second
 * @param brokers one or three
 * @param kinds the faults
 * @param mix of the workload
 * @param latency of the judge
 * @param folder for everything that the run leaves
 * @param soak whether a process that takes more and more is a failure, too
 * @param recoverWithin how long after the last fault groups may still end late, if they say so
 * @param previous another build: a file with its class path, and the configuration keys that it knows
 * @param keys configuration keys over those of the run
 */
public record Settings(
        long seed,
        Duration length,
        long rollouts,
        double rate,
        int brokers,
        List<FaultKind> kinds,
        Mix mix,
        Latency latency,
        Path folder,
        boolean soak,
        Duration recoverWithin,
        Optional<PreviousBuild> previous,
        Map<String, String> keys) {

    /** Longest answer to one of the responses that are made too long: small, so that they cost little. */
    static final int LONGEST_RESPONSE = 20_000;

    /** Lasts longer than what is needed to notice a death, and shorter than a person's patience. */
    private static final String COLLECT_MS = "20000";

    private static final String EVALUATE_MS = "60000";
    private static final String CLOSED_MS = "600000";
    private static final String REMEMBER_MS = "gateway.remember.ms";

    public Settings {
        kinds = List.copyOf(kinds);
        keys = Map.copyOf(keys);
    }

    /** The configuration of the installation, without addresses. */
    Map<String, String> config() {
        Map<String, String> config = new TreeMap<>();
        config.put("topics.partitions", "6");
        // The shortest that there is: a paused worker's work is handed out again.
        config.put("topics.group.lock.ms", "15000");
        config.put("topics.group.deliveries", "10");
        config.put("stream.k", "3");
        config.put("stream.collect.timeout.ms", COLLECT_MS);
        config.put("stream.evaluate.timeout.ms", EVALUATE_MS);
        config.put("stream.standby.replicas", "1");
        config.put("stream.max.response.bytes", Integer.toString(LONGEST_RESPONSE));
        // Each slot asks each broker ten times a second for work, and there are three workers.
        config.put("worker.slots", "6");
        config.put("judge.openai.model", "seeded-scores");
        // Hanging requests are given up while there is time for another try.
        config.put("judge.openai.timeout.ms", "10000");
        config.put("gateway.timeout.ms", "90000");
        // By time alone, so that it is known for what it can be asked again.
        config.put(REMEMBER_MS, "3600000");
        config.put("gateway.remember.max", "1000000");
        if (soak) {
            // The longest time over which anything is kept: after that state and memory may grow no more.
            config.put("stream.closed.retention.ms", CLOSED_MS);
            config.put(REMEMBER_MS, CLOSED_MS);
        }
        config.putAll(keys);
        return config;
    }

    /** For how long a gateway knows what it has said. */
    Duration gatewayRemembers() {
        return duration(REMEMBER_MS);
    }

    /** After so long everything that was published has ended, one way or another. */
    Duration longestLife() {
        return duration("stream.collect.timeout.ms").plus(duration("stream.evaluate.timeout.ms"));
    }

    private Duration duration(String key) {
        return Duration.ofMillis(Long.parseLong(config().get(key)));
    }
}
