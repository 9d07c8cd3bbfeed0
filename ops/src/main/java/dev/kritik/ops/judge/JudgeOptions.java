/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.time.Duration;

/**
 * How a recorded judge behaves.
 *
 * @param recording what it answers from
 * @param host address to listen on
 * @param port port to listen on; 0 chooses a free one
 * @param latency time that an answer takes once it is in service
 * @param faults how often it fails on purpose
 * @param retryAfter what a 429 asks the client to wait, rounded to whole seconds
 * @param capacity most requests in service at once, at least 1; the others wait
 * @param queueLimit most requests that wait; more are turned away with 429
 * @param seed of all chance
 */
public record JudgeOptions(
        Recording recording,
        String host,
        int port,
        Latency latency,
        Faults faults,
        Duration retryAfter,
        int capacity,
        int queueLimit,
        long seed) {

    public JudgeOptions {
        if (capacity < 1) {
            throw new IllegalArgumentException("a capacity of " + capacity + " is less than 1");
        }
        if (queueLimit < 0) {
            throw new IllegalArgumentException("a queue limit of " + queueLimit + " is less than 0");
        }
    }

    /** Fast, without faults or bounds, on a free port of the loopback. */
    public static JudgeOptions of(Recording recording) {
        return new JudgeOptions(
                recording,
                "127.0.0.1",
                0,
                Latency.NONE,
                Faults.NONE,
                Duration.ofSeconds(1),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                1);
    }

    /** The same with another latency. */
    public JudgeOptions latency(Latency other) {
        return new JudgeOptions(recording, host, port, other, faults, retryAfter, capacity, queueLimit, seed);
    }

    /** The same with other faults. */
    public JudgeOptions faults(Faults other) {
        return new JudgeOptions(recording, host, port, latency, other, retryAfter, capacity, queueLimit, seed);
    }

    /** The same with other bounds. */
    public JudgeOptions bounds(int otherCapacity, int otherQueueLimit) {
        return new JudgeOptions(
                recording, host, port, latency, faults, retryAfter, otherCapacity, otherQueueLimit, seed);
    }
}
