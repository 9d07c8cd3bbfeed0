/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The vote on one response (DeepSeek-GRM, arXiv 2504.02495, section 4): the Meta RM's filter, then the sum over what is
 * left. Filtered response by response: with one panel for all, that is the paper's filter of whole samples.
 */
public final class Vote {

    private Vote() {}

    /**
     * One valid score of the response.
     *
     * @param sample number of the sample, unique among the ballots of a response
     * @param score 1 to 10
     * @param logit the Meta RM's logit of the sample; null when there is none
     */
    public record Ballot(int sample, int score, Double logit) {}

    /**
     * The outcome.
     *
     * @param sum sum of the kept scores
     * @param kept the samples that were kept
     * @param valid number of ballots before the filter
     * @param spread sample standard deviation (n-1) of the kept scores; empty with fewer than two
     */
    public record Result(long sum, Set<Integer> kept, int valid, OptionalDouble spread) {

        /** Mean of the kept scores; NaN with none. */
        public double mean() {
            return kept.isEmpty() ? Double.NaN : (double) sum / kept.size();
        }

        /**
         * Compares means as fractions, which no rounding can make equal or different: below 0, 0 or above 0 as this mean
         * is lower, equal or higher. Both need at least one kept ballot.
         */
        public int compareMean(Result other) {
            return Long.compare(sum * other.kept.size(), other.sum * kept.size());
        }
    }

    /**
     * Counts the ballots of one response. Those with the highest logits are kept; a ballot without a logit ranks last,
     * and among equals the lower sample goes first. Without a single logit there was no filter: all are kept.
     *
     * @param kMeta ballots to keep: a number, 0 for all, null for half of the valid ones (rounded down, at least 1)
     */
    public static Result count(List<Ballot> ballots, Integer kMeta) {
        boolean filtered = ballots.stream().anyMatch(ballot -> ballot.logit() != null);
        int wanted = kMeta == null ? Math.max(1, ballots.size() / 2) : kMeta;
        List<Ballot> kept = !filtered || wanted == 0
                ? ballots
                : ballots.stream().sorted(BY_LOGIT).limit(wanted).toList();
        long sum = 0;
        long squares = 0;
        Set<Integer> samples = new HashSet<>();
        for (Ballot ballot : kept) {
            sum += ballot.score();
            squares += (long) ballot.score() * ballot.score();
            samples.add(ballot.sample());
        }
        return new Result(sum, Set.copyOf(samples), ballots.size(), spread(kept.size(), sum, squares));
    }

    private static final Comparator<Ballot> BY_LOGIT = Comparator.comparing(
                    Ballot::logit, Comparator.nullsLast(Comparator.reverseOrder()))
            .thenComparingInt(Ballot::sample);

    private static OptionalDouble spread(int count, long sum, long squares) {
        if (count < 2) {
            return OptionalDouble.empty();
        }
        // In integers until the division: equal scores give exactly 0.
        return OptionalDouble.of(Math.sqrt((double) (count * squares - sum * sum) / ((long) count * (count - 1))));
    }
}
