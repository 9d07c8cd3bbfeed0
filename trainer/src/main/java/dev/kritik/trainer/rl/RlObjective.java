/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.judge.Ask;
import dev.kritik.trainer.judge.InProcessJudge;
import dev.kritik.trainer.judge.Output;
import dev.kritik.trainer.judge.Tally;
import dev.kritik.trainer.judge.TaskEvaluation;
import dev.kritik.trainer.judge.TaskPrompts;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Evaluation;
import dev.kritik.trainer.run.Objective;

/**
 * Steps of rule-based online RL: the model as it is writes a group of outputs for each query, which are rewarded by the rule;
 * GRPO learns from them. The log-probabilities at the time of sampling are the old policy's.
 */
final class RlObjective implements Objective {

    private static final double NANOS = 1e9;

    private final RlConfig config;
    private final long seed;
    private final Tools tools;
    private final List<RlTask> tasks;
    private final Course course;

    /** What steps work with; nothing of it is closed here. */
    record Tools(
            Trainee trainee,
            GrpoUpdate update,
            InProcessJudge judge,
            TaskPrompts prompts,
            Optional<TaskEvaluation> evaluation) {}

    RlObjective(RlConfig config, long seed, Tools tools, List<RlTask> tasks, Course course) {
        this.config = config;
        this.seed = seed;
        this.tools = tools;
        this.tasks = tasks;
        this.course = course;
    }

    @Override
    public Map<String, Object> step(int step, Update update) {
        long begin = System.nanoTime();
        List<Ask> asks = asks(step);
        tools.judge().update(tools.trainee());
        List<Output> outputs = tools.judge().write(asks, config.sampling());
        List<OutputGroup> groups = groups(outputs);
        long written = System.nanoTime();
        // Without a weight on the distance there is nothing to learn from a flat group.
        boolean keepFlat = config.keepFlat() && config.objective().settings().klBeta() > 0;
        GrpoBatch batch = GrpoBatch.of(
                groups,
                keepFlat,
                config.objective().aggregation(),
                config.sampling().maxTokens());
        RlTotals totals = tools.update().learn(batch.samples(), update);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", totals.loss());
        values.put("reward", mean(groups));
        values.putAll(new Tally(outputs).values(""));
        values.put(
                "flat_share",
                share(groups, groups.stream().filter(OutputGroup::flat).count()));
        values.put(
                "all_right_share",
                share(groups, groups.stream().filter(OutputGroup::allRight).count()));
        totals.into(values);
        values.put("groups", groups.size());
        values.put("tokens", batch.tokens());
        values.put("epoch", course.epochOf(step));
        values.put("generate_seconds", (written - begin) / NANOS);
        values.put("learn_seconds", (System.nanoTime() - written) / NANOS);
        return values;
    }

    private List<Ask> asks(int step) {
        List<Ask> asks = new ArrayList<>();
        for (int index : course.batch(step)) {
            RlTask task = tasks.get(index);
            int[] prompt = null;
            ShownOrder order = null;
            for (int i = 0; i < config.groupSize(); i++) {
                if (prompt == null || config.orderPerOutput()) {
                    long drawn = Seeds.of(seed, "order", step, index, i);
                    order = ShownOrder.draw(task.responses().size(), drawn);
                    // One code for the group: the prompts are alike up to the responses, and computed once so far.
                    prompt = tools.prompts().tokens(task, order, Seeds.of(seed, "prompt", step, index));
                }
                asks.add(new Ask(task, order, prompt, Seeds.of(seed, "output", step, index, i)));
            }
        }
        return asks;
    }

    private List<OutputGroup> groups(List<Output> outputs) {
        List<OutputGroup> groups = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i += config.groupSize()) {
            groups.add(new OutputGroup(outputs.subList(i, i + config.groupSize())));
        }
        return groups;
    }

    private static double mean(List<OutputGroup> groups) {
        return groups.stream()
                .flatMapToDouble(group -> java.util.Arrays.stream(group.rewards()))
                .average()
                .orElse(0);
    }

    private static double share(List<OutputGroup> groups, long count) {
        return (double) count / groups.size();
    }

    @Override
    public Optional<Evaluation> evaluate() {
        if (tools.evaluation().isPresent()) {
            tools.judge().update(tools.trainee());
        }
        return tools.evaluation().map(TaskEvaluation::evaluate);
    }
}
