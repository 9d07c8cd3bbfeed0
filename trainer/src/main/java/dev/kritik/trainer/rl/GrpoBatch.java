/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.Sequence;
import dev.kritik.trainer.judge.Output;

/**
 * What is learnt in a step.
 *
 * @param samples without log-probabilities of the reference
 */
record GrpoBatch(List<RlSequence> samples) {

    private static final float[] NONE = {};

    /**
     * Makes the batch of a step's groups.
     *
     * <p>Groups that are left out because they are flat still count among all outputs and tokens, for what they would add
     * is 0, but for the distance from the reference: the others don't weigh more because of them.
     *
     * @param keepFlat whether groups whose rewards are alike stay
     * @param maxTokens the most that an output may have
     */
    static GrpoBatch of(List<OutputGroup> groups, boolean keepFlat, Aggregation aggregation, int maxTokens) {
        List<OutputGroup> kept =
                groups.stream().filter(group -> keepFlat || !group.flat()).toList();
        int outputs = groups.stream().mapToInt(group -> group.outputs().size()).sum();
        long tokens = groups.stream()
                .flatMap(group -> group.outputs().stream())
                .mapToLong(output -> output.generated().tokens().length)
                .sum();
        List<RlSequence> samples = new ArrayList<>();
        for (OutputGroup group : kept) {
            double[] advantages = group.advantages();
            for (int i = 0; i < advantages.length; i++) {
                Output output = group.outputs().get(i);
                int written = output.generated().tokens().length;
                double weight = aggregation.weight(written, outputs, tokens, maxTokens);
                samples.add(new RlSequence(
                        sequence(output), advantages[i], output.generated().logProbs(), NONE, weight));
            }
        }
        return new GrpoBatch(List.copyOf(samples));
    }

    private static Sequence sequence(Output output) {
        int[] prompt = output.ask().prompt();
        int[] written = output.generated().tokens();
        int[] all = new int[prompt.length + written.length];
        System.arraycopy(prompt, 0, all, 0, prompt.length);
        System.arraycopy(written, 0, all, prompt.length, written.length);
        return new Sequence(all, prompt.length);
    }

    /** Tokens of all prompts and outputs. */
    long tokens() {
        return samples.stream()
                .mapToLong(sample -> sample.sequence().tokens().length)
                .sum();
    }
}
