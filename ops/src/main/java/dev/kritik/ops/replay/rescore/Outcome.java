/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.util.List;
import java.util.stream.DoubleStream;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;

/**
 * What a group got: the part of a reward record that is compared.
 *
 * @param standings one for each member, by index
 * @param spent samples for each response that were asked for; k in records of older versions
 * @param millis from opening to closing
 */
public record Outcome(
        GroupStatus status,
        String reason,
        List<Standing> standings,
        int spent,
        int samples,
        int valid,
        long promptTokens,
        long completionTokens,
        long millis,
        List<String> models) {

    /**
     * One member.
     *
     * @param reward null when it has none
     * @param same index of the equal response in whose name it was judged; its own, if in its own
     */
    public record Standing(int index, Double reward, int same) {
        boolean own() {
            return same == index;
        }
    }

    /** What a reward record says. */
    public static Outcome of(GroupReward reward) {
        return new Outcome(
                reward.getStatus(),
                reward.getReason(),
                reward.getMembers().stream().map(Outcome::standing).toList(),
                reward.getSamplesSpent() == null ? reward.getK() : reward.getSamplesSpent(),
                reward.getSamplesReceived(),
                reward.getSamplesValid(),
                reward.getPromptTokens(),
                reward.getCompletionTokens(),
                reward.getClosedMs() - reward.getOpenedMs(),
                List.copyOf(reward.getModels()));
    }

    private static Standing standing(MemberReward member) {
        return new Standing(
                member.getIndex(),
                member.getReward(),
                member.getJudgedAs() == null ? member.getIndex() : member.getJudgedAs());
    }

    /**
     * Whether the rewards point at the response that is known to be the best, by the rule of {@code kritik eval}: it alone has
     * the highest reward; equal responses count as one.
     *
     * @param best its index; null if it is not known
     * @return null when there is nothing to decide: no label, a single response, or one without a reward
     */
    Boolean pointsAt(Integer best) {
        if (best == null || standings.size() < 2 || standings.stream().anyMatch(one -> one.reward() == null)) {
            return null;
        }
        double highest = rewards().max().orElseThrow();
        List<Standing> top = standings.stream()
                .filter(one -> one.own() && one.reward() == highest)
                .toList();
        return top.size() == 1 && top.getFirst().index() == standings.get(best).same();
    }

    private DoubleStream rewards() {
        return standings.stream().filter(Standing::own).mapToDouble(Standing::reward);
    }
}
