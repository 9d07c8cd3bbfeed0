/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.Objects;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;

/**
 * How a group ended, without the texts: what its record on {@code rewards} says.
 *
 * @param status OK, PARTIAL, FAILED, TIMEOUT
 * @param reason why it is not OK; null when it is
 * @param stop why no further sample was waited for
 * @param best index of the member with the highest reward; null when none has one
 * @param lowest smallest reward; null when no member has one
 * @param mean mean of the rewards
 * @param highest largest reward
 * @param rewarded members with a reward
 * @param tied whether different responses share the highest reward
 * @param hinted whether the judge was told the known answer: the rewards are no rewards
 * @param k samples for each response that were allowed
 * @param spent samples for each response that were asked for; k where the record does not say
 * @param openedMs time, in epoch milliseconds, at which the first member was taken in
 * @param judgingMs time at which critiques were asked for; null when none were
 * @param closedMs time of the end
 */
public record Ending(
        String status,
        String reason,
        String stop,
        Integer best,
        Double lowest,
        Double mean,
        Double highest,
        int rewarded,
        boolean tied,
        boolean hinted,
        int k,
        int spent,
        long openedMs,
        Long judgingMs,
        long closedMs) {

    static Ending of(GroupReward reward) {
        double[] rewards = reward.getMembers().stream()
                .map(MemberReward::getReward)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        int n = rewards.length;
        double sum = 0;
        for (double one : rewards) {
            sum += one;
        }
        return new Ending(
                reward.getStatus().name(),
                reward.getReason(),
                reward.getStopReason(),
                reward.getBest(),
                n == 0 ? null : (Double) rewards[0],
                n == 0 ? null : (Double) (sum / n),
                n == 0 ? null : (Double) rewards[n - 1],
                n,
                reward.getTiedTop(),
                reward.getHinted(),
                reward.getK(),
                reward.getSamplesSpent() == null ? reward.getK() : reward.getSamplesSpent(),
                reward.getOpenedMs(),
                reward.getJudgingMs(),
                reward.getClosedMs());
    }

    /** Milliseconds from the first member to the end. */
    public long tookMs() {
        return Math.max(0, closedMs - openedMs);
    }

    /** Whether rewards can be compared, and are all equal: nothing to learn from. */
    public boolean flat() {
        return rewarded > 1 && highest - lowest < 1e-9;
    }
}
