/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.List;
import java.util.Map;

import dev.kritik.monitor.lag.PartitionLag;

/**
 * What the window holds, at one time. All times in epoch milliseconds, all durations in milliseconds.
 *
 * @param nowMs the time
 * @param windowMs length of the window
 * @param sliceMs width of its slices
 * @param version what to ask with for the changes after this
 * @param caughtUp whether all has been read that was there at the start
 * @param trouble why the topics can't be read at the moment; null while they can
 * @param slices slices that changed, oldest first; those without anything are left out
 * @param openBefore groups that were open when the window begins
 * @param open what is under way
 * @param flow sums over the window
 * @param reward how long groups took, from the first rollout to the reward
 * @param judging how long they took from the first request on
 * @param judges each judge
 * @param critiques critiques by status and reason
 * @param outcomes groups that ended, by status and reason
 * @param deadLetters dead letters by reason
 * @param scores rewards by job
 * @param lag how far groups are behind
 * @param recent the newest groups
 * @param remembered groups that can be listed
 * @param letGo groups of the window that can't be listed any more, as there were too many
 * @param jobs jobs with rewards in the window
 */
public record Overview(
        long nowMs,
        long windowMs,
        long sliceMs,
        long version,
        boolean caughtUp,
        String trouble,
        List<Slice> slices,
        long openBefore,
        Open open,
        Flow flow,
        Quantiles reward,
        Quantiles judging,
        List<Judge> judges,
        List<Reason> critiques,
        List<Reason> outcomes,
        List<Reason> deadLetters,
        List<Scores> scores,
        Lag lag,
        List<GroupLine> recent,
        int remembered,
        long letGo,
        List<String> jobs) {

    /**
     * What happened within a slice.
     *
     * @param t its begin
     * @param left groups that ended, of those that were opened in the window
     * @param failed critiques without scores
     * @param spent samples for each response that were asked for, of groups that ended
     * @param allowed samples for each response that those groups could have had
     * @param oldest age of the oldest open group; null where it was not measured
     * @param lag records by group and topic; only where it was measured
     */
    public record Slice(
            long t,
            long rollouts,
            long opened,
            long left,
            long asked,
            long critiques,
            long failed,
            long rewards,
            long spent,
            long allowed,
            long dead,
            Long oldest,
            Map<String, Long> lag) {}

    /**
     * What is under way.
     *
     * @param groups open groups
     * @param collecting of these, groups that wait for members
     * @param critiques critiques that were asked for and have not come, of open groups
     * @param oldestMs age of the oldest open group; 0 where there is none
     * @param oldest which it is; null where there is none
     */
    public record Open(int groups, int collecting, long critiques, long oldestMs, GroupKey oldest) {}

    /**
     * Sums over the window.
     *
     * @param compared groups with two rewards or more
     * @param flat of these, groups whose rewards are all equal
     * @param tied of these, groups in which different responses share the highest reward
     * @param unreadable records that could not be read here
     */
    public record Flow(
            long rollouts,
            long asked,
            long critiques,
            long rewards,
            long spent,
            long allowed,
            long compared,
            long flat,
            long tied,
            long dead,
            long unreadable,
            long promptTokens,
            long writtenTokens) {}

    /** How often something happened, by status and reason; the reason is null where all is well. */
    public record Reason(String status, String reason, long count) {}

    /**
     * One judge.
     *
     * @param name its name in the jury, or kind, model and version of the prompt
     * @param critiques what came from it
     * @param time how long it took for each critique, over all tries
     */
    public record Judge(String name, List<Reason> critiques, Quantiles time) {}

    /**
     * The rewards of a job.
     *
     * @param counts how many were, rounded, 1, 2, ... 10
     */
    public record Scores(String job, List<Long> counts) {}

    /**
     * How far groups are behind, by group and topic.
     *
     * @param atMs when it was asked for; null before the first answer
     * @param trouble why the last question got no answer; null when it did
     */
    public record Lag(Long atMs, String trouble, List<LagLine> lines) {}

    /**
     * One group on one topic.
     *
     * @param records not read, or not settled, yet; null where any partition's number is not known
     * @param seconds age of the oldest; null where it is not known
     */
    public record LagLine(
            String group, PartitionLag.Kind kind, String topic, int partitions, Long records, Double seconds) {}
}
