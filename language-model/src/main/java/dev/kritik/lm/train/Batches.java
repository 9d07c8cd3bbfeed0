/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import java.util.List;

import dev.kritik.lm.torch.TrainableDecoder.Batch;
import dev.kritik.lm.torch.TrainableDecoder.Rollouts;

/** Sequences of unequal length as one block of tokens, filled up at the end. */
final class Batches {

    private Batches() {}

    /** With the written tokens as targets. A sequence's last token has nothing behind it, and is not computed. */
    static Batch ofSequences(List<Sequence> sequences) {
        int width =
                sequences.stream().mapToInt(each -> each.tokens().length).max().orElse(1) - 1;
        int written = sequences.stream().mapToInt(Sequence::written).sum();
        long[] tokens = new long[sequences.size() * width];
        long[] places = new long[written];
        long[] targets = new long[written];
        int next = 0;
        for (int row = 0; row < sequences.size(); row++) {
            int[] text = sequences.get(row).tokens();
            for (int i = 0; i < text.length - 1; i++) {
                tokens[row * width + i] = text[i];
                if (i + 1 >= sequences.get(row).promptLength()) {
                    places[next] = (long) row * width + i;
                    targets[next++] = text[i + 1];
                }
            }
        }
        return new Batch(tokens, width, places, targets);
    }

    /** With the last token of each text as its place. */
    static Batch ofTexts(List<int[]> texts) {
        int width = texts.stream().mapToInt(text -> text.length).max().orElse(1);
        long[] tokens = new long[texts.size() * width];
        long[] places = new long[texts.size()];
        for (int row = 0; row < texts.size(); row++) {
            int[] text = texts.get(row);
            for (int i = 0; i < text.length; i++) {
                tokens[row * width + i] = text[i];
            }
            places[row] = (long) row * width + text.length - 1;
        }
        return new Batch(tokens, width, places, new long[0]);
    }

    /** What GRPO needs to know of each written token, in the order of the targets. */
    static Rollouts rollouts(List<RlSequence> batch, RlSettings settings, int written) {
        boolean reference = batch.stream().allMatch(each -> each.refLogProbs().length > 0);
        if (!reference && (settings.klBeta() > 0 || batch.stream().anyMatch(each -> each.refLogProbs().length > 0))) {
            throw new IllegalArgumentException("a sample has no log-probabilities of the reference"
                    + (settings.klBeta() > 0 ? ", and beta is " + settings.klBeta() : ", and others do"));
        }
        double[] weights = new double[written];
        double[] advantages = new double[written];
        double[] old = new double[written];
        double[] ref = new double[reference ? written : 0];
        int at = 0;
        for (RlSequence each : batch) {
            for (int i = 0; i < each.oldLogProbs().length; i++, at++) {
                weights[at] = each.tokenWeight();
                advantages[at] = each.advantage();
                old[at] = each.oldLogProbs()[i];
                if (reference) {
                    ref[at] = each.refLogProbs()[i];
                }
            }
        }
        long[] lengths = settings.sequenceRatio()
                ? batch.stream().mapToLong(each -> each.sequence().written()).toArray()
                : new long[0];
        return new Rollouts(weights, advantages, old, ref, lengths);
    }
}
