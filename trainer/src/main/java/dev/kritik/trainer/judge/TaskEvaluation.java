/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.lm.generate.Sampling;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.run.Evaluation;

/** Accuracy of a judge on tasks, greedy, one output a task. The orders of responses are the same each time. */
public final class TaskEvaluation {

    private static final long SEED = 1;

    private final InProcessJudge judge;
    private final List<Ask> asks;
    private final int maxTokens;

    /**
     * An evaluation.
     *
     * @param maxTokens most tokens of an output
     */
    public TaskEvaluation(InProcessJudge judge, List<RlTask> tasks, TaskPrompts prompts, int maxTokens) {
        this.judge = judge;
        this.maxTokens = maxTokens;
        this.asks = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            RlTask task = tasks.get(i);
            ShownOrder order = ShownOrder.draw(task.responses().size(), Seeds.of(SEED, "eval", i));
            asks.add(new Ask(task, order, prompts.tokens(task, order, i), i));
        }
    }

    /** Evaluates the judge with the weights that it has; the score is the accuracy. */
    public Evaluation evaluate() {
        Tally tally = new Tally(judge.write(asks, Sampling.greedy(maxTokens)));
        return new Evaluation(tally.accuracy(), tally.values("eval_"));
    }
}
