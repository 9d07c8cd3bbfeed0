/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.nio.file.Path;

import dev.kritik.lm.train.StepStats;
import dev.kritik.lm.train.Trainee;
import dev.kritik.worker.judge.djl.JudgeFile;

/** The engine's weights, as the loop sees them. */
final class TraineeLearner implements Learner {

    private final Trainee trainee;
    private final Source source;
    private final TrainConfig config;

    TraineeLearner(Trainee trainee, Source source, TrainConfig config) {
        this.trainee = trainee;
        this.source = source;
        this.config = config;
    }

    @Override
    public StepStats step(double learningRate) {
        return trainee.step(learningRate, config.adam(), config.clipNorm());
    }

    @Override
    public void save(Path folder) throws IOException {
        trainee.save(folder, config.savedAs().orElse(source.storedType()));
        if (source.prompt().isPresent()) {
            JudgeFile.write(folder, source.prompt().get());
        }
    }

    @Override
    public void saveState(Path file) {
        trainee.saveState(file);
    }

    @Override
    public void loadState(Path file) {
        trainee.loadState(file);
    }
}
