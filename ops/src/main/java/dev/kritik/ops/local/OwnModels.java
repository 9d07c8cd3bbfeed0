/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Stream;

import dev.kritik.ops.generate.Models;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.meta.MetaConfig;

/** The models that a worker on this machine will load into its process. */
public final class OwnModels {

    private OwnModels() {}

    /**
     * Reads the keys of judge and Meta RM, and finds or downloads models of kind djl, before anything is started: what is
     * wrong is said at once, and a download has its progress on the terminal.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key that is wrong
     * @throws dev.kritik.ops.cli.CommandFailed if a model can't be had
     */
    public static void prepare(Map<String, String> config, PrintWriter err) {
        JudgeConfig judge = JudgeConfig.from(config);
        MetaConfig meta = MetaConfig.from(config);
        Stream.concat(
                        judge.djl().map(djl -> djl.model().name()).stream(),
                        meta.djl().map(djl -> djl.model().name()).stream())
                .distinct()
                .forEach(name -> Models.fetch(name, err));
    }

    /** Whether a worker with these keys loads a model, which takes time. */
    static boolean any(Map<String, String> config) {
        return "djl".equals(config.get("worker.judge")) || "djl".equals(config.get("worker.meta"));
    }
}
