/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.RewardModel;
import dev.kritik.trainer.paradigm.LocalRater;
import dev.kritik.trainer.paradigm.LocalWriter;
import dev.kritik.trainer.paradigm.Rater;
import dev.kritik.trainer.paradigm.Writer;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.djl.DjlConfig;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.djl.DjlMetaConfig;

/** Models in this process for paradigms of judging, from the keys of a worker's judge and Meta RM of kind djl. */
public final class ParadigmModels implements AutoCloseable {

    private final Map<String, String> config;
    private final PrintWriter err;
    private final Deque<Runnable> opened = new ArrayDeque<>();

    /**
     * Opens nothing yet.
     *
     * @param config keys; those of others are passed over
     * @param err where progress goes
     */
    public ParadigmModels(Map<String, String> config, PrintWriter err) {
        this.config = Map.copyOf(config);
        this.err = err;
    }

    /**
     * Loads the model that {@code judge.djl.*} names.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     * @throws dev.kritik.ops.cli.CommandFailed if it can't be had or used
     */
    public Writer writer() {
        DjlConfig djl = JudgeConfig.from(config).djl().orElseThrow();
        LanguageModel model = Models.open(
                djl.model().name(),
                err,
                folder -> LanguageModel.open(folder, djl.model().engine(), djl.generator()));
        opened.push(model::close);
        return new LocalWriter(model, djl.sampling());
    }

    /**
     * Loads the model with a scalar head that {@code meta.djl.*} names.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     * @throws dev.kritik.ops.cli.CommandFailed if it can't be had or used
     */
    public Rater rater() {
        DjlMetaConfig djl = MetaConfig.from(config).djl().orElseThrow();
        RewardModel model = Models.open(
                djl.model().name(),
                err,
                folder -> RewardModel.open(folder, djl.model().engine(), djl.scorer()));
        opened.push(model::close);
        return new LocalRater(model);
    }

    /** Frees what was loaded; the last one first. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }
}
