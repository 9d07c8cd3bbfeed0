/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;

import dev.kritik.trainer.replay.GroupKey;

/**
 * One group, then and now. Responses count that have a reward both times; equal responses count as one. Rewards that rules
 * gave are rewards like others.
 *
 * @param label index of the response that is known to be the best; null if none is
 * @param indices the responses that count
 * @param thenRewards their rewards then
 * @param nowRewards their rewards now
 */
public record GroupComparison(
        GroupKey key,
        Integer label,
        Outcome then,
        Outcome now,
        List<Integer> indices,
        List<Double> thenRewards,
        List<Double> nowRewards) {

    static GroupComparison of(GroupKey key, Integer label, Outcome then, Outcome now) {
        List<Integer> indices = new ArrayList<>();
        List<Double> before = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        for (int i = 0; i < Math.min(then.standings().size(), now.standings().size()); i++) {
            Outcome.Standing one = then.standings().get(i);
            Outcome.Standing other = now.standings().get(i);
            if (one.reward() != null && other.reward() != null && one.own() && other.own()) {
                indices.add(i);
                before.add(one.reward());
                after.add(other.reward());
            }
        }
        return new GroupComparison(key, label, then, now, indices, before, after);
    }

    private static double[] array(List<Double> values) {
        return stream(values).toArray();
    }

    private static DoubleStream stream(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }

    /** Whether there is an order that could change. */
    boolean ranked() {
        return indices.size() > 1;
    }

    Pairs pairs() {
        return Pairs.of(array(thenRewards), array(nowRewards));
    }

    /** Of the deviations from the group's means. */
    Moments deviations() {
        return Moments.of(array(thenRewards), array(nowRewards));
    }

    /** Of the deviations in units of the group's standard deviations. */
    Moments advantages() {
        return Moments.normalised(array(thenRewards), array(nowRewards));
    }

    /** Responses with the highest reward then. */
    Set<Integer> topThen() {
        return top(thenRewards);
    }

    /** Responses with the highest reward now. */
    Set<Integer> topNow() {
        return top(nowRewards);
    }

    private Set<Integer> top(List<Double> rewards) {
        double highest = stream(rewards).max().orElse(Double.NaN);
        Set<Integer> top = new HashSet<>();
        for (int i = 0; i < rewards.size(); i++) {
            if (rewards.get(i) == highest) {
                top.add(indices.get(i));
            }
        }
        return top;
    }

    /** Whether one response alone is the best then, and the same alone now. */
    boolean sameBest() {
        return topThen().size() == 1 && topThen().equals(topNow());
    }

    /** How likely the same response would be picked if ties were decided by lot, 0 to 1; 0 without responses. */
    double sameBestByLot() {
        Set<Integer> common = topThen();
        int then = common.size();
        common.retainAll(topNow());
        return then == 0 ? 0 : (double) common.size() / then / topNow().size();
    }

    /** Sum of the absolute changes of reward. */
    double change() {
        double sum = 0;
        for (int i = 0; i < thenRewards.size(); i++) {
            sum += Math.abs(nowRewards.get(i) - thenRewards.get(i));
        }
        return sum;
    }

    /** Mean absolute change of reward; 0 without responses. */
    double meanChange() {
        return indices.isEmpty() ? 0 : change() / indices.size();
    }

    /** Sum of the changes of reward: whether the judge has become milder. */
    double shift() {
        return stream(nowRewards).sum() - stream(thenRewards).sum();
    }
}
