/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.lm.train.StepStats;

/** A model of one number that each step doubles and adds to, with a disk that can be full. */
class FakeTraining implements Learner, Objective, TrainListener {

    double weight = 1;
    boolean modelDiskFull;
    boolean stateDiskFull;
    boolean diverged;
    Map<Integer, Double> scores = Map.of();
    final List<String> warnings = new ArrayList<>();
    final List<Integer> steps = new ArrayList<>();
    int stopAfter = Integer.MAX_VALUE;
    private int step;

    @Override
    public StepStats step(double learningRate) {
        if (!diverged) {
            weight = weight * 1.5 + learningRate + step;
        }
        return new StepStats(diverged ? Double.NaN : weight / 3, diverged);
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(folder.resolve("model.safetensors"), "weight " + (float) weight);
        if (modelDiskFull) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void saveState(Path file) throws IOException {
        Files.writeString(file, Double.toString(weight));
        if (stateDiskFull) {
            throw new java.io.UncheckedIOException(new IOException("No space left on device"));
        }
    }

    @Override
    public void loadState(Path file) {
        try {
            weight = Double.parseDouble(Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, Object> step(int number, Update update) {
        step = number;
        steps.add(number);
        var unused = update.apply();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", 1 / weight);
        values.put("tokens", 10L);
        return values;
    }

    @Override
    public Optional<Evaluation> evaluate() {
        return Optional.ofNullable(scores.get(step)).map(score -> new Evaluation(score, Map.of("eval_score", score)));
    }

    @Override
    public void warning(String text) {
        warnings.add(text);
    }

    boolean stop() {
        return step >= stopAfter;
    }
}
