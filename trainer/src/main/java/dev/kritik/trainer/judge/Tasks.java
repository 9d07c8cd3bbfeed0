/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.kritik.lm.text.PromptException;
import dev.kritik.trainer.data.DataException;
import dev.kritik.trainer.data.Intake;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.ShownOrder;

/**
 * Tasks whose prompts leave room for an output.
 *
 * @param items in the order of the files
 * @param intake what was left out
 */
public record Tasks(List<RlTask> items, Intake intake) {

    public Tasks {
        items = List.copyOf(items);
    }

    /**
     * Reads files of tasks; prompts that leave no room are left out and counted.
     *
     * @param most tokens of prompt and output together
     * @param output tokens that there must be room for
     * @throws DataException for a line that can't be used, or if nothing is left
     */
    public static Tasks read(String what, List<Path> files, TaskPrompts prompts, int most, int output) {
        List<RlTask> items = new ArrayList<>();
        long read = 0;
        long tokens = 0;
        for (Path file : files) {
            for (RlTask task : RlTask.read(file)) {
                read++;
                int length = length(task, prompts);
                if (length + output <= most) {
                    items.add(task);
                    tokens += length;
                }
            }
        }
        Intake intake = new Intake(what, read, read - items.size(), most - output, 0, 0, tokens);
        if (items.isEmpty()) {
            throw new DataException("no prompt of " + files + " leaves room for an output of " + output + " tokens in "
                    + most + ": make the output shorter, or take a model with a longer context");
        }
        return new Tasks(items, intake);
    }

    private static int length(RlTask task, TaskPrompts prompts) {
        try {
            int n = task.responses().size();
            return prompts.tokens(
                            task, new ShownOrder(IntStream.range(0, n).boxed().toList()), 0)
                    .length;
        } catch (PromptException e) {
            throw new DataException("task " + task.id() + ": " + e.getMessage(), e);
        }
    }
}
