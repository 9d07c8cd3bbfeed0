/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.List;
import java.util.SortedMap;

/**
 * What a paradigm made of a question.
 *
 * @param standings one for each response
 * @param samples texts and numbers that were asked for; a critique with its number is one
 * @param responseSamples samples over all responses: each counts for every response that it was about
 * @param invalid of the samples, those that could not be used, by reason
 * @param promptTokens tokens that models read
 * @param writtenTokens tokens that models wrote
 */
public record Judgement(
        List<Standing> standings,
        int samples,
        int responseSamples,
        SortedMap<String, Integer> invalid,
        long promptTokens,
        long writtenTokens) {

    /**
     * How a response stands: the better, the higher is the mean.
     *
     * @param sum of what its samples gave
     * @param count of the samples that gave something; with none it has no standing, which is no 0
     */
    public record Standing(double sum, int count) implements Comparable<Standing> {

        /** Compares the means. Sums of whole numbers are compared exactly: rounding makes nothing equal or different. */
        @Override
        public int compareTo(Standing other) {
            return Double.compare(sum * other.count, other.sum * count);
        }
    }

    public Judgement {
        standings = List.copyOf(standings);
    }

    /** Samples that could not be used. */
    public int invalidSamples() {
        return invalid.values().stream().mapToInt(Integer::intValue).sum();
    }
}
