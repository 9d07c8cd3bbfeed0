/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.judge.Ask;
import dev.kritik.trainer.judge.InProcessJudge;
import dev.kritik.trainer.judge.Output;
import dev.kritik.trainer.judge.TaskPrompts;
import dev.kritik.trainer.run.Session;
import dev.kritik.trainer.run.TrainException;

/**
 * Leaves out the queries that the starting model gets right each time: nothing can be learnt from them. The choice is kept
 * in the run's folder, so that a run that goes on has the same queries.
 */
final class EasyTasks {

    private static final String FILE = "hard-tasks.json";
    private static final int AT_ONCE = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private EasyTasks() {}

    /**
     * The tasks that are not easy.
     *
     * @return empty: it was told to stop before the choice was made
     * @throws TrainException if none is left
     */
    static Optional<List<RlTask>> without(
            List<RlTask> tasks, RlConfig config, Session session, InProcessJudge judge, TaskPrompts prompts) {
        if (config.dropEasy() == 0) {
            return Optional.of(tasks);
        }
        Path file = session.prepared(FILE);
        Optional<List<Integer>> kept = Files.exists(file)
                ? Optional.of(read(file, tasks.size()))
                : choose(tasks, config, session, judge, prompts);
        kept.ifPresent(indices -> session.listener()
                .note((tasks.size() - indices.size()) + " of " + tasks.size()
                        + " queries are left out: the starting model gets them right " + config.dropEasy() + " of "
                        + config.dropEasy() + " times"));
        if (kept.isPresent() && kept.get().isEmpty()) {
            throw new TrainException("the starting model gets all queries right " + config.dropEasy()
                    + " times: there is nothing to learn from them. rl.drop.easy=0 keeps them");
        }
        return kept.map(indices -> indices.stream().map(tasks::get).toList());
    }

    private static Optional<List<Integer>> choose(
            List<RlTask> tasks, RlConfig config, Session session, InProcessJudge judge, TaskPrompts prompts) {
        List<Integer> kept = new ArrayList<>();
        for (int from = 0; from < tasks.size(); from += AT_ONCE) {
            if (session.stopped()) {
                return Optional.empty();
            }
            int to = Math.min(from + AT_ONCE, tasks.size());
            session.listener().note("looking for easy queries: " + from + " of " + tasks.size());
            List<Output> outputs =
                    judge.write(asks(tasks, from, to, config, session.config().seed(), prompts), config.sampling());
            for (int i = from; i < to; i++) {
                int first = (i - from) * config.dropEasy();
                if (!new OutputGroup(outputs.subList(first, first + config.dropEasy())).allRight()) {
                    kept.add(i);
                }
            }
        }
        session.remember(FILE, write(kept));
        return Optional.of(kept);
    }

    private static List<Ask> asks(
            List<RlTask> tasks, int from, int to, RlConfig config, long seed, TaskPrompts prompts) {
        List<Ask> asks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            RlTask task = tasks.get(i);
            for (int sample = 0; sample < config.dropEasy(); sample++) {
                // Another order each time: what is right in one order only is not easy.
                long drawn = Seeds.of(seed, "easy", i, sample);
                ShownOrder order = ShownOrder.draw(task.responses().size(), drawn);
                asks.add(new Ask(task, order, prompts.tokens(task, order, Seeds.of(seed, "easy", i)), drawn));
            }
        }
        return asks;
    }

    private static String write(List<Integer> kept) {
        try {
            return JSON.writeValueAsString(kept) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> read(Path file, int tasks) {
        try {
            int[] indices = JSON.readValue(file.toFile(), int[].class);
            List<Integer> kept = new ArrayList<>();
            for (int index : indices) {
                if (index < 0 || index >= tasks) {
                    throw new TrainException(file + " names query " + index + ", and there are " + tasks);
                }
                kept.add(index);
            }
            return kept;
        } catch (IOException e) {
            throw new TrainException(
                    file + " can't be read: " + e.getMessage() + ". Without it the choice is made anew", e);
        }
    }
}
