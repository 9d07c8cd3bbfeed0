/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.Sequence;
import dev.kritik.lm.train.Trainee;

/** The starting model, frozen: how likely it would have written what was written. */
final class Reference implements AutoCloseable {

    private final Trainee frozen;

    /** Closes the trainee with itself; nobody takes steps with it. */
    Reference(Trainee frozen) {
        this.frozen = frozen;
    }

    /** The same samples with its log-probabilities. */
    List<RlSequence> add(List<RlSequence> micro, double temperature) {
        List<Sequence> sequences = micro.stream().map(RlSequence::sequence).toList();
        List<float[]> logProbs = frozen.logProbs(sequences, temperature);
        List<RlSequence> added = new ArrayList<>();
        for (int i = 0; i < micro.size(); i++) {
            RlSequence sample = micro.get(i);
            added.add(new RlSequence(
                    sample.sequence(),
                    sample.advantage(),
                    sample.oldLogProbs(),
                    logProbs.get(i),
                    sample.tokenWeight()));
        }
        return added;
    }

    @Override
    public void close() {
        frozen.close();
    }
}
