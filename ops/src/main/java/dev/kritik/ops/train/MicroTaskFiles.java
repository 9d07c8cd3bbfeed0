/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

import dev.kritik.trainer.task.MicroTasks;
import dev.kritik.trainer.task.MicroTasks.Split;
import dev.kritik.trainer.task.TaskLines;

/**
 * Micro-tasks for a policy, made once for a run.
 *
 * @param folder where they are put
 * @param say is told of it
 * @param most queries to learn from
 * @param mostHeldOut queries to evaluate on
 */
record MicroTaskFiles(Path folder, Consumer<String> say, int most, int mostHeldOut) {

    private static final int QUERIES = 20_000;
    private static final int HELD_OUT = 400;
    private static final long SEED = 301;

    /** As many as a run of some hundred steps needs, and as many as show a difference of five points. */
    MicroTaskFiles(Path folder, Consumer<String> say) {
        this(folder, say, QUERIES, HELD_OUT);
    }

    /** To learn from. */
    Path queries() throws IOException {
        return made("queries.jsonl", Split.TRAIN, most);
    }

    /** To evaluate on: none of their words or numbers come together in a query to learn from. */
    Path heldOut() throws IOException {
        return made("held-out.jsonl", Split.HELD_OUT, mostHeldOut);
    }

    private Path made(String name, Split split, int count) throws IOException {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        say.accept("making " + count + " micro-tasks: " + file);
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(name + ".unfinished");
        MicroTasks tasks = new MicroTasks(split, SEED);
        try (Writer out = Files.newBufferedWriter(unfinished)) {
            for (int i = 0; i < count; i++) {
                out.write(TaskLines.question(tasks.task(i, 1)));
                out.write('\n');
            }
        }
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
