/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.Map;

/** Hears how a training goes, on the thread that trains: be quick, and don't throw. */
public interface TrainListener {

    /** Something to tell people: what was read, what is prepared. */
    default void note(String text) {}

    /** Something that people should look at; the training goes on. Logged, unless somebody else takes care of it. */
    default void warning(String text) {
        LoggerFactory.getLogger(TrainListener.class).atWarn().log(text);
    }

    /**
     * The first step comes next.
     *
     * @param done steps that an earlier run has done
     * @param total steps in all
     */
    default void begins(int done, int total) {}

    /**
     * A step was done. Names that begin with {@code eval_} are there after an evaluation; the step 0 has nothing else.
     *
     * @param values a line of {@code metrics.jsonl}, see the module's README
     */
    default void step(Map<String, Object> values) {}

    /** A checkpoint is on the disk. */
    default void checkpoint(int step, Path folder) {}
}
