/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a checkpoint wishes its texts to be drawn, by {@code generation_config.json}; without that file, by
 * {@code config.json}, as transformers does. What is empty is not said: transformers then takes temperature 1, top-k 50,
 * top-p 1.
 *
 * @param sample whether to draw; false, also when nothing is said: always the likeliest token, and temperature, top-k and
 *     top-p don't count
 * @param temperature what logits are divided by
 * @param topK only the likeliest so many tokens
 * @param topP only the likeliest tokens that together reach this probability
 * @param maxNewTokens most tokens to write
 * @param eosTokens tokens that end a text, by the file that counts; those of {@code config.json} where a
 *     {@code generation_config.json} names none
 * @param bosToken first token of a text
 * @param padToken token that fills rows
 */
public record GenerationDefaults(
        boolean sample,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalInt maxNewTokens,
        List<Integer> eosTokens,
        OptionalInt bosToken,
        OptionalInt padToken) {

    public GenerationDefaults {
        eosTokens = List.copyOf(eosTokens);
    }

    static GenerationDefaults read(Path folder, ModelConfig config) {
        JsonFields fields = JsonFields.readIfPresent(folder.resolve("generation_config.json"))
                .orElseGet(() -> JsonFields.read(folder.resolve("config.json")));
        // A text that nothing ends is never wanted, though transformers would write it.
        List<Integer> eos = fields.tokens("eos_token_id");
        return new GenerationDefaults(
                fields.flag("do_sample", false),
                fields.number("temperature"),
                fields.integer("top_k"),
                fields.number("top_p"),
                fields.integer("max_new_tokens"),
                eos.isEmpty() ? config.eosTokens() : eos,
                token(fields, "bos_token_id", config.bosToken()),
                token(fields, "pad_token_id", config.padToken()));
    }

    private static OptionalInt token(JsonFields fields, String key, int otherwise) {
        List<Integer> tokens = fields.tokens(key);
        int token = tokens.isEmpty() ? otherwise : tokens.get(0);
        return token < 0 ? OptionalInt.empty() : OptionalInt.of(token);
    }
}
