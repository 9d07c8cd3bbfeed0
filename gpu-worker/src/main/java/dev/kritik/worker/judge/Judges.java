/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.time.InstantSource;
import java.util.function.UnaryOperator;

import dev.kritik.worker.judge.djl.DjlJudge;
import dev.kritik.worker.judge.openai.OpenAiJudge;

/** Opens judges. */
public final class Judges {

    private Judges() {}

    /**
     * Opens the judge that is configured, with secrets from the environment of this process. A model is loaded now, which may
     * take minutes.
     *
     * @throws dev.kritik.schema.config.ConfigError if an environment variable or a file that is named is missing, or a
     *     model that is named can't be used
     */
    public static Judge open(JudgeConfig config) {
        return open(config, System::getenv);
    }

    /** The same, with an environment of the caller's. */
    public static Judge open(JudgeConfig config, UnaryOperator<String> environment) {
        return config.djl()
                .<Judge>map(djl -> DjlJudge.open(djl, environment))
                .orElseGet(() -> new OpenAiJudge(config.openai().orElseThrow(), environment, InstantSource.system()));
    }
}
