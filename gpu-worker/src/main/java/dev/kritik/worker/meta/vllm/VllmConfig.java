/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta.vllm;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.http.ServerConfig;

/**
 * How to ask a vLLM server for a logit.
 *
 * @param server how to talk to it
 * @param model its name there
 */
public record VllmConfig(ServerConfig server, String model) {

    /** Prefix of its keys. */
    public static final String PREFIX = "meta.vllm.";

    /** Adds its keys to a definition. */
    public static ConfigDef define(ConfigDef def) {
        return ServerConfig.define(
                        def,
                        PREFIX,
                        "Base address of the Meta RM's server, without /classify, such as http://localhost:8001.",
                        64,
                        30_000,
                        64 * 1_024)
                .define(
                        PREFIX + "model",
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.Importance.HIGH,
                        "Name of the Meta RM, as the server knows it. Stands in every critique.");
    }

    /** Reads its keys. */
    public static VllmConfig from(AbstractConfig config) {
        String model = config.getString(PREFIX + "model").strip();
        if (model.isEmpty()) {
            throw new ConfigError(PREFIX + "model is missing: the Meta RM's name on its server");
        }
        return new VllmConfig(ServerConfig.from(config, PREFIX), model);
    }
}
