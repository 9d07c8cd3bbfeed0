/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Map;

import dev.kritik.schema.config.Configs;
import dev.kritik.worker.judge.openai.OpenAiConfig;
import dev.kritik.worker.judge.openai.OpenAiJudge;

/**
 * Which judge writes the critiques.
 *
 * @param openai how to reach it
 */
public record JudgeConfig(OpenAiConfig openai) {

    /** Its keys. */
    public static final ConfigDef DEF = OpenAiConfig.define(new ConfigDef()
            .define(
                    "worker.judge",
                    ConfigDef.Type.STRING,
                    OpenAiJudge.KIND,
                    ConfigDef.ValidString.in(OpenAiJudge.KIND),
                    ConfigDef.Importance.HIGH,
                    "Kind of the judge. openai: any server that speaks /v1/chat/completions."));

    /** Reads its keys; those of others are passed over. */
    public static JudgeConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        return new JudgeConfig(OpenAiConfig.from(config));
    }
}
