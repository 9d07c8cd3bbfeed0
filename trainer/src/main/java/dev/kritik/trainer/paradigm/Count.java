/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.paradigm;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.kritik.trainer.paradigm.Judgement.Standing;

/** Counts what the samples of one question give; each sample is added once, in a fixed order. For one thread. */
final class Count {

    private final double[] sums;
    private final int[] counts;
    private final SortedMap<String, Integer> invalid = new TreeMap<>();
    private int samples;
    private int responseSamples;
    private long promptTokens;
    private long writtenTokens;

    Count(int responses) {
        this.sums = new double[responses];
        this.counts = new int[responses];
    }

    /** One more sample, which was about so many responses. */
    void sample(Answer<?> answer, int about) {
        samples++;
        responseSamples += about;
        promptTokens += answer.promptTokens();
        writtenTokens += answer.writtenTokens();
        if (answer instanceof Answer.None<?> none) {
            invalid.merge(none.reason(), 1, Integer::sum);
        }
    }

    /** What the sample gives to a response. */
    void give(int response, double value) {
        sums[response] += value;
        counts[response]++;
    }

    Judgement judgement() {
        Standing[] standings = new Standing[sums.length];
        Arrays.setAll(standings, i -> new Standing(sums[i], counts[i]));
        return new Judgement(Arrays.asList(standings), samples, responseSamples, invalid, promptTokens, writtenTokens);
    }
}
