/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.kritik.lm.train.Sequence;
import dev.kritik.lm.train.SftStats;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.run.Batching;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Evaluation;
import dev.kritik.trainer.run.Objective;

/** Steps of supervised fine-tuning: the mean of -log p over all written tokens of the step. */
final class RftObjective implements Objective {

    private final Trainee trainee;
    private final List<Sequence> data;
    private final List<Sequence> general;
    private final Course course;
    private final int microTokens;
    private final Supplier<Optional<Evaluation>> evaluation;

    RftObjective(
            Trainee trainee,
            List<Sequence> data,
            List<Sequence> general,
            Course course,
            int microTokens,
            Supplier<Optional<Evaluation>> evaluation) {
        this.trainee = trainee;
        this.data = data;
        this.general = general;
        this.course = course;
        this.microTokens = microTokens;
        this.evaluation = evaluation;
    }

    @Override
    public Map<String, Object> step(int step, Update update) {
        List<Sequence> batch = course.batch(step).stream()
                .map(i -> i < data.size() ? data.get(i) : general.get(i - data.size()))
                .toList();
        long written = batch.stream().mapToLong(Sequence::written).sum();
        double loss = 0;
        long correct = 0;
        for (List<Sequence> micro : micro(batch, microTokens)) {
            SftStats stats = trainee.sft(micro, 1.0 / written);
            loss += stats.lossSum();
            correct += stats.correct();
        }
        var unused = update.apply();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", loss / written);
        values.put("token_accuracy", (double) correct / written);
        values.put(
                "tokens", batch.stream().mapToLong(each -> each.tokens().length).sum());
        values.put("written_tokens", written);
        values.put("epoch", course.epochOf(step));
        return values;
    }

    private static List<List<Sequence>> micro(List<Sequence> batch, int microTokens) {
        return Batching.micro(batch, sequence -> sequence.tokens().length, microTokens);
    }

    @Override
    public Optional<Evaluation> evaluate() {
        return evaluation.get();
    }

    /** Loss of held-out conversations. The score is minus the loss. */
    static Evaluation evaluate(Trainee trainee, List<Sequence> held, int microTokens) {
        double loss = 0;
        long written = 0;
        for (List<Sequence> micro : micro(held, microTokens)) {
            for (float[] logProbs : trainee.logProbs(micro, 1)) {
                for (float logProb : logProbs) {
                    loss -= logProb;
                }
                written += logProbs.length;
            }
        }
        return new Evaluation(-loss / written, Map.of("eval_loss", loss / written));
    }
}
