/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.kritik.ops.bench.load.JudgeLog.Work;

/**
 * What one contender got out of the judge in one round.
 *
 * @param round from 1
 * @param who {@link #IDEAL} or {@link #KRITIK}
 * @param capacity places in the judge
 * @param work in the time that was measured
 * @param rewardsPerSecond members that got their reward, each second; of the ideal: that would have
 * @param notOk groups that ended otherwise than OK, or not at all
 */
record Throughput(int round, String who, int capacity, Work work, double rewardsPerSecond, long notOk) {

    static final String IDEAL = "ideal";
    static final String KRITIK = "kritik";

    /** Share of the judge's places that was spent on useful answers. */
    double use() {
        return work.use(capacity);
    }

    Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "saturation");
        values.put("round", round);
        values.put("who", who);
        values.put("capacity", capacity);
        values.put("seconds", work.seconds());
        values.put("calls_per_second", work.callsPerSecond());
        values.put("rewards_per_second", rewardsPerSecond);
        values.put("place_use", use());
        values.put("waiting_at_judge", work.waiting());
        values.put("groups_not_ok", notOk);
        return values;
    }
}
