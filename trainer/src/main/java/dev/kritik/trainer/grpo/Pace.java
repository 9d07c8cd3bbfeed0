/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.Map;
import java.util.function.LongSupplier;

/** What a step's time went into, and how much was written in it. For one thread. */
final class Pace {

    private static final double NANOS = 1e9;

    private final LongSupplier clock;
    private long lastStep;
    private long tokensBefore;
    private long busyBefore;

    /**
     * A pace.
     *
     * @param clock nanoseconds since some moment
     */
    Pace(LongSupplier clock) {
        this.clock = clock;
        this.lastStep = clock.getAsLong();
    }

    /** The first step's time begins now. */
    void begin() {
        lastStep = clock.getAsLong();
    }

    /**
     * A step ends.
     *
     * @param learning when its learning began, by the clock
     * @param tokens written until now
     * @param busyNanos that writing and publishing took until now
     */
    void step(long learning, long tokens, long busyNanos, Waited waited, Map<String, Object> values) {
        long now = clock.getAsLong();
        double wall = (now - lastStep) / NANOS;
        values.put("wait_seconds", waited.rewards() / NANOS);
        values.put("wait_generation_seconds", waited.generation() / NANOS);
        values.put("learn_seconds", (now - learning) / NANOS);
        values.put("generate_seconds", (busyNanos - busyBefore) / NANOS);
        values.put("wall_seconds", wall);
        values.put("generated_tokens_per_second", wall > 0 ? (tokens - tokensBefore) / wall : 0.0);
        tokensBefore = tokens;
        busyBefore = busyNanos;
        lastStep = now;
    }
}
