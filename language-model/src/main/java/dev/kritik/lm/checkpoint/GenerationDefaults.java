/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import dev.kritik.lm.checkpoint.ModelConfig.Head;

/**
 * How a checkpoint wishes its texts to be drawn, by {@code generation_config.json}; without that file, by
 * {@code config.json}, as transformers does. What is empty is not said: transformers then takes temperature 1, top-k 50,
 * top-p 1. Of what is not read here and would change the texts, such as {@code repetition_penalty}, a warning is logged.
 *
 * @param sample whether to draw; false, also when nothing is said: always the likeliest token, and temperature, top-k and
 *     top-p don't count
 * @param temperature what logits are divided by
 * @param topK only the likeliest so many tokens
 * @param topP only the likeliest tokens that together reach this probability
 * @param maxNewTokens most tokens to write
 * @param eosTokens tokens that end a text, by the file that counts; those of {@code config.json} where a
 *     {@code generation_config.json} names none
 */
public record GenerationDefaults(
        boolean sample,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalInt maxNewTokens,
        List<Integer> eosTokens) {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationDefaults.class);

    /** No number changes nothing: what has it is neutral only without a value. */
    private static final double NONE = Double.NaN;

    /** What else transformers reads there and what changes its texts, each with the number that changes nothing. */
    private static final Map<String, Double> UNSUPPORTED = Map.ofEntries(
            Map.entry("repetition_penalty", 1.0),
            Map.entry("encoder_repetition_penalty", 1.0),
            Map.entry("no_repeat_ngram_size", 0.0),
            Map.entry("encoder_no_repeat_ngram_size", 0.0),
            Map.entry("min_p", 0.0),
            Map.entry("top_h", NONE),
            Map.entry("typical_p", 1.0),
            Map.entry("epsilon_cutoff", 0.0),
            Map.entry("eta_cutoff", 0.0),
            Map.entry("min_length", 0.0),
            Map.entry("min_new_tokens", 0.0),
            Map.entry("num_beams", 1.0),
            Map.entry("penalty_alpha", 0.0),
            Map.entry("guidance_scale", 1.0),
            Map.entry("exponential_decay_length_penalty", NONE),
            Map.entry("bad_words_ids", NONE),
            Map.entry("sequence_bias", NONE),
            Map.entry("suppress_tokens", NONE),
            Map.entry("begin_suppress_tokens", NONE),
            Map.entry("forced_bos_token_id", NONE),
            Map.entry("forced_eos_token_id", NONE),
            Map.entry("stop_strings", NONE),
            Map.entry("dola_layers", NONE),
            Map.entry("watermarking_config", NONE));

    public GenerationDefaults {
        eosTokens = List.copyOf(eosTokens);
    }

    static GenerationDefaults read(Path folder, ModelConfig config) {
        JsonFields fields = JsonFields.readIfPresent(folder.resolve("generation_config.json"))
                .orElseGet(() -> JsonFields.read(folder.resolve("config.json")));
        if (config.head() == Head.LANGUAGE_MODEL) {
            warnOfUnsupported(folder, fields);
        }
        // A text that nothing ends is never wanted, though transformers would write it.
        List<Integer> eos = fields.tokens("eos_token_id");
        return new GenerationDefaults(
                fields.flag("do_sample", false),
                fields.number("temperature"),
                fields.integer("top_k"),
                fields.number("top_p"),
                fields.integer("max_new_tokens"),
                eos.isEmpty() ? config.eosTokens() : eos);
    }

    private static void warnOfUnsupported(Path folder, JsonFields fields) {
        List<String> keys = UNSUPPORTED.keySet().stream()
                .filter(key -> fields.has(key) && !neutral(fields.node().get(key), UNSUPPORTED.get(key)))
                .sorted()
                .toList();
        if (!keys.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("model", folder.getFileName())
                    .addKeyValue("keys", keys)
                    .log(
                            "The checkpoint wishes its texts to be drawn in ways that aren't supported; they are left out");
        }
    }

    private static boolean neutral(JsonNode value, double neutral) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.doubleValue() == neutral;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY, OBJECT -> value.isEmpty();
            default -> false;
        };
    }
}
