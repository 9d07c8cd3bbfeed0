/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.lm.train.ScoreStats;
import dev.kritik.lm.train.Scored;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.run.Batching;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Evaluation;
import dev.kritik.trainer.run.Objective;
import dev.kritik.trainer.run.TrainException;

/** Steps of the Meta RM: the mean of the binary cross-entropy over the critiques of the step. */
final class MetaObjective implements Objective {

    private final Trainee trainee;
    private final Split split;
    private final Course course;
    private final int microTokens;

    MetaObjective(Trainee trainee, Split split, Course course, int microTokens) {
        this.trainee = trainee;
        this.split = split;
        this.course = course;
        this.microTokens = microTokens;
    }

    @Override
    public Map<String, Object> step(int step, Update update) {
        List<Scored> batch = course.batch(step).stream().map(split.train()::get).toList();
        double loss = 0;
        long correct = 0;
        for (List<Scored> micro : Batching.micro(batch, scored -> scored.tokens().length, microTokens)) {
            ScoreStats stats = trainee.score(micro, 1.0 / batch.size());
            loss += stats.lossSum();
            correct += stats.correct();
        }
        var unused = update.apply();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", loss / batch.size());
        values.put("accuracy", (double) correct / batch.size());
        values.put("right_share", share(batch));
        values.put(
                "tokens", batch.stream().mapToLong(each -> each.tokens().length).sum());
        values.put("epoch", course.epochOf(step));
        return values;
    }

    private static double share(List<Scored> batch) {
        return batch.stream().mapToDouble(Scored::label).average().orElse(0);
    }

    /** AUC, accuracy and loss on held-out critiques. The score is the AUC; minus the loss, where all have one label. */
    @Override
    public Optional<Evaluation> evaluate() {
        if (split.held().isEmpty()) {
            return Optional.empty();
        }
        List<Boolean> right = new ArrayList<>();
        float[] scores = new float[split.held().size()];
        for (List<Scored> micro : Batching.micro(split.held(), scored -> scored.tokens().length, microTokens)) {
            float[] some = trainee.scores(micro.stream().map(Scored::tokens).toList());
            for (int i = 0; i < some.length; i++) {
                scores[right.size()] = some[i];
                right.add(micro.get(i).label() > 0.5);
            }
        }
        double loss = 0;
        int correct = 0;
        for (int i = 0; i < scores.length; i++) {
            double signed = right.get(i) ? scores[i] : -scores[i];
            loss += Math.max(-signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)));
            correct += right.get(i) == (scores[i] > 0) ? 1 : 0;
        }
        if (!Double.isFinite(loss)) {
            throw new TrainException(
                    "the evaluation gives scores that are no numbers: the training has diverged. A smaller"
                            + " train.lr or a longer train.warmup.steps may help");
        }
        double auc = Auc.of(scores, right);
        Map<String, Object> values = new LinkedHashMap<>();
        if (!Double.isNaN(auc)) {
            values.put("eval_auc", auc);
        }
        values.put("eval_accuracy", (double) correct / scores.length);
        values.put("eval_loss", loss / scores.length);
        return Optional.of(new Evaluation(Double.isNaN(auc) ? -loss / scores.length : auc, values));
    }
}
