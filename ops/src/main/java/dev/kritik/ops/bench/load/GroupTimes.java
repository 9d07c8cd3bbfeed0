/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;

/**
 * What became of one group, and when. Nanoseconds are those of {@link System#nanoTime} in this process.
 *
 * @param number of the group in its workload, from 0
 * @param jobId its job
 * @param groupId its id
 * @param sentNs when it was sent; in an open loop when it was due to be sent
 * @param sentMs the same in epoch milliseconds
 * @param seenNs when its committed reward was read; 0 if none was
 * @param seenMs the same in epoch milliseconds
 * @param reward its terminal record; empty if none was read in time
 * @param judge the judge's time; empty if critiques were not asked for, or there are none
 */
public record GroupTimes(
        int number,
        String jobId,
        String groupId,
        long sentNs,
        long sentMs,
        long seenNs,
        long seenMs,
        Optional<GroupReward> reward,
        Optional<JudgeTime> judge) {

    /** Whether its terminal record was read. */
    public boolean ended() {
        return reward.isPresent();
    }

    /** How it ended: OK, PARTIAL, FAILED, TIMEOUT; or LOST, if no terminal record was read in time. */
    public String status() {
        return reward.map(it -> it.getStatus().name()).orElse("LOST");
    }

    /** The rewards of the members that have one, by index. */
    public Map<Integer, Double> rewards() {
        Map<Integer, Double> rewards = new TreeMap<>();
        reward.ifPresent(it -> {
            for (MemberReward member : it.getMembers()) {
                if (member.getReward() != null) {
                    rewards.put(member.getIndex(), member.getReward());
                }
            }
        });
        return rewards;
    }

    /**
     * Milliseconds from the sending of the group to the reading of its committed reward.
     *
     * @throws IllegalStateException if it has not ended
     */
    public double latencyMs() {
        if (!ended()) {
            throw new IllegalStateException("group " + groupId + " has no reward");
        }
        return (seenNs - sentNs) / 1e6;
    }

    GroupTimes judged(Optional<JudgeTime> time) {
        return new GroupTimes(number, jobId, groupId, sentNs, sentMs, seenNs, seenMs, reward, time);
    }
}
