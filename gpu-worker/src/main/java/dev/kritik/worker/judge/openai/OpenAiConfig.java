/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.List;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.http.ServerConfig;

/**
 * How to ask an OpenAI-compatible server for a text.
 *
 * @param server how to talk to it
 * @param model its name there
 * @param temperature of the sampling
 * @param topP share of the probability that is sampled from
 * @param maxTokens most tokens to write
 * @param maxTokensField name of the field for it
 * @param extraBody fields laid over the request's body; a null takes the field out
 */
public record OpenAiConfig(
        ServerConfig server,
        String model,
        double temperature,
        double topP,
        int maxTokens,
        String maxTokensField,
        ObjectNode extraBody) {

    /** Prefix of its keys. */
    public static final String PREFIX = "judge.openai.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OURS = List.of("messages", "model", "n", "stream");

    /** Adds its keys to a definition. */
    public static ConfigDef define(ConfigDef def) {
        return ServerConfig.define(
                        def,
                        PREFIX,
                        "Base address of the judge's server, up to and with /v1, such as http://localhost:8000/v1;"
                                + " /v1 is added to an address without a path.",
                        64,
                        300_000,
                        768 * 1_024)
                .define(
                        PREFIX + "model",
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.Importance.HIGH,
                        "Name of the model, as the server knows it. Stands in every critique.")
                .define(
                        PREFIX + "temperature",
                        ConfigDef.Type.DOUBLE,
                        0.5,
                        ConfigDef.Range.between(0.0, 2.0),
                        ConfigDef.Importance.MEDIUM,
                        "Temperature of the sampling. 0.5 is what the paper votes with; at 0 all samples of a panel in"
                                + " the same order are alike, and voting gains nothing.")
                .define(
                        PREFIX + "top.p",
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        ConfigDef.Range.between(0.0, 1.0),
                        ConfigDef.Importance.LOW,
                        "Share of the probability mass that is sampled from.")
                .define(
                        PREFIX + "max.tokens",
                        ConfigDef.Type.INT,
                        2_048,
                        ConfigDef.Range.between(1, 1_000_000),
                        ConfigDef.Importance.MEDIUM,
                        "Most tokens that the judge may write. A critique that meets the limit is TRUNCATED; models that"
                                + " think first need more.")
                .define(
                        PREFIX + "max.tokens.field",
                        ConfigDef.Type.STRING,
                        "max_tokens",
                        ConfigDef.ValidString.in("max_tokens", "max_completion_tokens"),
                        ConfigDef.Importance.LOW,
                        "Name of the request's field for it; some hosted models only know max_completion_tokens.")
                .define(
                        PREFIX + "extra.body",
                        ConfigDef.Type.STRING,
                        "{}",
                        ConfigDef.Importance.LOW,
                        "JSON object whose fields are laid over the request's body, such as {\"top_k\": 20}. A null takes"
                                + " a field out: {\"seed\": null} for servers that refuse seeds. May not hold "
                                + String.join(", ", OURS) + ".");
    }

    /** Reads its keys. */
    public static OpenAiConfig from(AbstractConfig config) {
        String model = config.getString(PREFIX + "model").strip();
        if (model.isEmpty()) {
            throw new ConfigError(
                    PREFIX + "model is missing: the judge's name on its server (see GET /v1/models there)");
        }
        return new OpenAiConfig(
                ServerConfig.from(config, PREFIX),
                model,
                config.getDouble(PREFIX + "temperature"),
                config.getDouble(PREFIX + "top.p"),
                config.getInt(PREFIX + "max.tokens"),
                config.getString(PREFIX + "max.tokens.field"),
                extraBody(config.getString(PREFIX + "extra.body")));
    }

    private static ObjectNode extraBody(String text) {
        String key = PREFIX + "extra.body";
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new ConfigError(key + " is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!(json instanceof ObjectNode object)) {
            throw new ConfigError(key + " must be a JSON object, such as {\"top_k\": 20}");
        }
        for (String ours : OURS) {
            if (object.has(ours)) {
                throw new ConfigError(key + " may not hold '" + ours + "': Kritik sets it");
            }
        }
        if (object.hasNonNull("seed")) {
            throw new ConfigError(key + " may not set 'seed': each sample has its own; null takes it out");
        }
        return object;
    }
}
