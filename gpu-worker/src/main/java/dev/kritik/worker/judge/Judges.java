/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import java.time.InstantSource;
import java.util.function.UnaryOperator;

import dev.kritik.worker.judge.openai.OpenAiJudge;

/** Opens judges. */
public final class Judges {

    private Judges() {}

    /**
     * Opens the judge that is configured, with keys from the environment of this process.
     *
     * @throws dev.kritik.schema.config.ConfigError if an environment variable or a file that is named is missing
     */
    public static Judge open(JudgeConfig config) {
        return open(config, System::getenv);
    }

    /** The same, with an environment of the caller's. */
    public static Judge open(JudgeConfig config, UnaryOperator<String> environment) {
        return new OpenAiJudge(config.openai().orElseThrow(), environment, InstantSource.system());
    }
}
