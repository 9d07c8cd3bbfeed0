/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.run.Batching;
import dev.kritik.trainer.run.Objective.Update;
import dev.kritik.trainer.run.TrainConfig;

/** Learns from the samples of a step: micro-batch by micro-batch, with the reference's log-probabilities, as often as wanted. */
public final class GrpoUpdate implements AutoCloseable {

    private final Trainee trainee;
    private final Optional<Reference> reference;
    private final ObjectiveConfig config;
    private final int microTokens;

    private GrpoUpdate(Trainee trainee, Optional<Reference> reference, ObjectiveConfig config, int microTokens) {
        this.trainee = trainee;
        this.reference = reference;
        this.config = config;
        this.microTokens = microTokens;
    }

    /**
     * Makes one; loads the reference, if it needs it.
     *
     * @param trainee stays the caller's to close
     * @param start where the reference's weights come from
     */
    public static GrpoUpdate of(Trainee trainee, Checkpoint start, ObjectiveConfig config, TrainConfig training) {
        Optional<Reference> reference = config.needsReference()
                ? Optional.of(new Reference(Trainee.load(start, training.engine())))
                : Optional.empty();
        return new GrpoUpdate(trainee, reference, config, training.microTokens());
    }

    /**
     * Learns. No update where there is nothing to learn from: moments alone must not move the weights.
     *
     * @param samples without log-probabilities of the reference
     */
    public RlTotals learn(List<RlSequence> samples, Update update) {
        RlTotals totals = new RlTotals();
        if (samples.isEmpty()) {
            return totals;
        }
        double temperature = config.settings().temperature();
        List<List<RlSequence>> micros = new ArrayList<>();
        for (List<RlSequence> micro :
                Batching.micro(samples, sample -> sample.sequence().tokens().length, microTokens)) {
            micros.add(reference.map(frozen -> frozen.add(micro, temperature)).orElse(micro));
        }
        for (int epoch = 0; epoch < config.epochs(); epoch++) {
            for (List<RlSequence> micro : micros) {
                totals.add(trainee.rl(micro, config.settings()));
            }
            var unused = update.apply();
            totals.updated();
        }
        return totals;
    }

    /** Frees the reference. */
    @Override
    public void close() {
        reference.ifPresent(Reference::close);
    }
}
