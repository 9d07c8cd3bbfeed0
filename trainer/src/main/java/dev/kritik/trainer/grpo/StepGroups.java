/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import dev.kritik.client.Advantages;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.Sequence;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.rl.Aggregation;

/**
 * All groups whose turn came in a step: those that are learnt from, and those that are not.
 *
 * @param all in their order
 */
record StepGroups(List<Settled> all) {

    private static final float[] NO_REFERENCE = {};

    StepGroups {
        all = List.copyOf(all);
    }

    private List<Settled> of(Fate fate) {
        return all.stream().filter(settled -> settled.fate() == fate).toList();
    }

    /** Groups of a fate. */
    int count(Fate fate) {
        return of(fate).size();
    }

    /** Groups that a judge had something to say about, and that were not too old. */
    private List<Settled> judged() {
        return all.stream().filter(Settled::judged).toList();
    }

    /**
     * What is learnt. Flat groups are left out, but count among the outputs: the others don't weigh more because of them.
     * Unless they were made up for: then it is as if they had never been there, as in DAPO.
     *
     * @param advantages how rewards become advantages
     * @param aggregation how tokens are weighed
     * @param maxTokens most tokens of a response
     * @param fill whether flat groups were made up for by others
     */
    List<RlSequence> sequences(Advantages advantages, Aggregation aggregation, int maxTokens, boolean fill) {
        List<Settled> counted = fill ? of(Fate.TRAINED) : judged();
        int outputs = Math.toIntExact(
                counted.stream().mapToLong(settled -> members(settled).size()).sum());
        long tokens = counted.stream()
                .flatMap(settled -> members(settled).stream())
                .mapToLong(member -> member.getResponseTokenIds().size())
                .sum();
        List<RlSequence> sequences = new ArrayList<>();
        for (Settled settled : of(Fate.TRAINED)) {
            double[] byIndex = advantages.of(settled.rewards());
            for (Rollout member : members(settled)) {
                Sequence sequence = Rollouts.sequence(member);
                sequences.add(new RlSequence(
                        sequence,
                        byIndex[member.getIndex()],
                        Rollouts.logProbs(member),
                        NO_REFERENCE,
                        aggregation.weight(sequence.written(), outputs, tokens, maxTokens)));
            }
        }
        return sequences;
    }

    /** Members with a reward. */
    private static List<Rollout> members(Settled settled) {
        return IntStream.range(0, settled.rewards().length)
                .filter(i -> !Double.isNaN(settled.rewards()[i]))
                .mapToObj(i -> settled.group().rollout(i).orElseThrow())
                .toList();
    }

    /** Rewards of all members that have one. */
    double[] rewards() {
        return judged().stream()
                .flatMapToDouble(settled -> Arrays.stream(settled.rewards()))
                .filter(reward -> !Double.isNaN(reward))
                .toArray();
    }

    /** Mean reward of each group that has one. */
    double[] means() {
        return judged().stream()
                .map(settled -> Arrays.stream(settled.rewards())
                        .filter(reward -> !Double.isNaN(reward))
                        .average())
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
    }

    /** Figures of the groups for a line of metrics. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        List<Settled> judged = judged();
        values.put("reward", Arrays.stream(rewards()).average().orElse(0));
        values.put(
                "reward_spread",
                judged.stream()
                        .mapToDouble(settled -> deviation(settled.rewards()))
                        .average()
                        .orElse(0));
        values.put("flat_share", judged.isEmpty() ? 0.0 : (double) count(Fate.FLAT) / judged.size());
        values.put("length", mean(judged, member -> member.getResponseTokenIds().size()));
        values.put("truncated_share", mean(judged, member -> Rollouts.truncated(member) ? 1 : 0));
        correlation(judged).ifPresent(value -> values.put("score_length_correlation", value));
        values.put(
                "staleness",
                judged.stream().mapToLong(Settled::staleness).average().orElse(0));
        values.put(
                "staleness_max",
                judged.stream().mapToLong(Settled::staleness).max().orElse(0));
        return values;
    }

    private static double mean(List<Settled> groups, ToLongFunction<Rollout> of) {
        return groups.stream()
                .flatMap(settled -> members(settled).stream())
                .mapToLong(of)
                .average()
                .orElse(0);
    }

    /** Of a sample; 0 with fewer than two rewards. */
    private static double deviation(double[] rewards) {
        double[] there =
                Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
        double mean = Arrays.stream(there).average().orElse(0);
        double squares = Arrays.stream(there)
                .map(reward -> (reward - mean) * (reward - mean))
                .sum();
        return there.length < 2 ? 0 : Math.sqrt(squares / (there.length - 1));
    }

    /**
     * Pearson's correlation of reward and length within the groups: both as differences from the group's mean, so that long
     * queries with high rewards don't count. Empty where one of them never differs.
     */
    private static OptionalDouble correlation(List<Settled> groups) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (Settled settled : groups) {
            List<Rollout> members = members(settled);
            double meanReward = members.stream()
                    .mapToDouble(member -> settled.rewards()[member.getIndex()])
                    .average()
                    .orElse(0);
            double meanLength = mean(
                    List.of(settled), member -> member.getResponseTokenIds().size());
            for (Rollout member : members) {
                double x = settled.rewards()[member.getIndex()] - meanReward;
                double y = member.getResponseTokenIds().size() - meanLength;
                xy += x * y;
                xx += x * x;
                yy += y * y;
            }
        }
        return xx == 0 || yy == 0 ? OptionalDouble.empty() : OptionalDouble.of(xy / Math.sqrt(xx * yy));
    }
}
