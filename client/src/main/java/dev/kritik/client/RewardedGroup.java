/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.Rollout;

/**
 * A group that has ended: its rollouts, and the one record that says what became of it.
 *
 * @param reward the record; exactly one for each group
 * @param rollouts by index in the group; one that never arrived is missing, and so are those that the topic has no more
 */
public record RewardedGroup(GroupReward reward, Map<Integer, Rollout> rollouts) {

    public RewardedGroup {
        rollouts = Map.copyOf(rollouts);
    }

    /** Which group it is. */
    public GroupId id() {
        return new GroupId(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
    }

    /** Members that it was to have. */
    public int size() {
        return reward.getGroupSize();
    }

    /** What was written at an index; empty if it never arrived. */
    public Optional<Rollout> rollout(int index) {
        return Optional.ofNullable(rollouts.get(index));
    }

    /** The rewards by index, 1 to 10; not a number (NaN) for a member without one: leave it out of all statistics. */
    public double[] rewards() {
        List<MemberReward> members = reward.getMembers();
        double[] rewards = new double[members.size()];
        for (int i = 0; i < rewards.length; i++) {
            Double one = members.get(i).getReward();
            rewards[i] = one == null ? Double.NaN : one;
        }
        return rewards;
    }

    /** How much better each member is than the others of the group; see {@link Advantages}. */
    public double[] advantages(Advantages how) {
        return how.of(rewards());
    }
}
