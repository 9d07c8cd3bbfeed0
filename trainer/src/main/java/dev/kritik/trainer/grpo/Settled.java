/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.stream.IntStream;

import dev.kritik.client.Advantages;
import dev.kritik.client.RewardedGroup;

/**
 * A group whose fate is known.
 *
 * @param staleness versions between the policy that wrote it and the one that would learn from it
 * @param rewards by index; not a number for a member that is left out
 */
@SuppressWarnings("ArrayRecordComponent") // one number a member, never changed
record Settled(RewardedGroup group, Fate fate, long staleness, double[] rewards) {

    /**
     * Looks at a group.
     *
     * @param version of the policy that would learn from it
     * @param most versions that the policy that wrote it may be away. What a lost run wrote after the checkpoint that this one
     *     goes on from is ahead; as the same groups come in the same order it is as near as it was then
     * @param maskTruncated whether members that were cut off at the limit are left out
     */
    static Settled of(RewardedGroup group, long version, int most, boolean maskTruncated) {
        Long wrote = group.reward().getPolicyVersion();
        long staleness = wrote == null ? 0 : Math.abs(version - wrote);
        double[] rewards = group.rewards();
        boolean rewarded = IntStream.range(0, rewards.length).anyMatch(i -> !Double.isNaN(rewards[i]));
        for (int i = 0; i < rewards.length; i++) {
            if (maskTruncated && group.rollout(i).filter(Rollouts::truncated).isPresent()) {
                rewards[i] = Double.NaN;
            }
        }
        Fate fate = !rewarded
                ? Fate.UNREWARDED
                : staleness > most
                        ? Fate.STALE
                        : !complete(group, rewards)
                                ? Fate.UNUSABLE
                                : Advantages.flat(rewards) ? Fate.FLAT : Fate.TRAINED;
        return new Settled(group, fate, staleness, rewards);
    }

    /** Whether each member with a reward has what a step needs of it. */
    private static boolean complete(RewardedGroup group, double[] rewards) {
        return IntStream.range(0, rewards.length)
                .filter(i -> !Double.isNaN(rewards[i]))
                .allMatch(i -> group.rollout(i)
                        .filter(rollout -> rollout.getPromptTokenIds() != null
                                && !rollout.getPromptTokenIds().isEmpty()
                                && rollout.getResponseTokenIds() != null
                                && !rollout.getResponseTokenIds().isEmpty()
                                && rollout.getResponseLogprobs() != null
                                && rollout.getResponseLogprobs().size()
                                        == rollout.getResponseTokenIds().size())
                        .isPresent());
    }

    /** Whether it is one of the groups that make up a step, unless flat ones are to be made up for. */
    boolean judged() {
        return fate == Fate.TRAINED || fate == Fate.FLAT;
    }
}
