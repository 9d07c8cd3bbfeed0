/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.util.Map;
import java.util.Set;

/**
 * Where a reader of groups stands: after the last group that it handed out. Whoever keeps it together with what was made of
 * the groups, and goes on from there, sees each group exactly once.
 *
 * @param rewards next offset of each partition of the topic of rewards
 * @param rollouts of each partition of the topic of rollouts, the first offset that is needed again
 * @param rolloutsRead next offset of each partition of the topic of rollouts: before it, only groups in {@code waiting} are
 *     needed again
 * @param waiting groups whose rollouts were read, and which have not been handed out
 */
public record GroupPosition(
        Map<Integer, Long> rewards,
        Map<Integer, Long> rollouts,
        Map<Integer, Long> rolloutsRead,
        Set<GroupId> waiting) {

    public GroupPosition {
        rewards = Map.copyOf(rewards);
        rollouts = Map.copyOf(rollouts);
        rolloutsRead = Map.copyOf(rolloutsRead);
        waiting = Set.copyOf(waiting);
    }

    /** As JSON, in one line; equal positions give equal texts. */
    public String toJson() {
        return PositionJson.write(this);
    }

    /**
     * What {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if the text is something else; says what is wrong and where
     */
    public static GroupPosition fromJson(String json) {
        return PositionJson.read(json);
    }
}
