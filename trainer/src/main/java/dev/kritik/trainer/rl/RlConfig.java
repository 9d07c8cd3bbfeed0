/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.util.List;
import java.util.Map;

import dev.kritik.lm.generate.Sampling;
import dev.kritik.schema.config.Configs;

/**
 * What RL is told besides.
 *
 * @param groupSize outputs of a query
 * @param sampling how they are drawn
 * @param objective of GRPO
 * @param keepFlat whether groups whose rewards are all alike stay in the batch
 * @param dropEasy samples by which the starting model is asked for easy queries; 0: it is not
 * @param orderPerOutput whether each output of a group sees an order of the responses of its own
 * @param rows most outputs that are written at once
 */
public record RlConfig(
        int groupSize,
        Sampling sampling,
        ObjectiveConfig objective,
        boolean keepFlat,
        int dropEasy,
        boolean orderPerOutput,
        int rows) {

    private static final ObjectiveConfig.Names NAMES = new ObjectiveConfig.Names("rl.", "kl.");

    /** Its keys. */
    public static final ConfigDef DEF = defineObjective(defineOutputs(new ConfigDef()));

    private static ConfigDef defineOutputs(ConfigDef def) {
        return def.define(
                        "rl.group.size",
                        ConfigDef.Type.INT,
                        4,
                        Range.between(2, 1_024),
                        Importance.HIGH,
                        "Outputs of a query, which are compared with each other.")
                .define(
                        "rl.max.tokens",
                        ConfigDef.Type.INT,
                        1_024,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "Most tokens of an output; one that meets the limit is TRUNCATED, and wrong. Queries whose"
                                + " prompts leave no room for so many are left out and counted.")
                .define(
                        "rl.order",
                        ConfigDef.Type.STRING,
                        "group",
                        ValidString.in("group", "output"),
                        Importance.MEDIUM,
                        "Who sees an order of the responses of its own. group: all outputs of a group answer one prompt,"
                                + " as GRPO has it, drawn anew whenever the query comes again. output: each output.")
                .define(
                        "rl.rows",
                        ConfigDef.Type.INT,
                        64,
                        Range.between(1, 4_096),
                        Importance.MEDIUM,
                        "Most outputs that are written at once.")
                .define(
                        "rl.drop.easy",
                        ConfigDef.Type.INT,
                        3,
                        Range.between(0, 1_000),
                        Importance.MEDIUM,
                        "Before it begins the starting model answers each query so many times; queries that it gets right"
                                + " each time are left out. 0: none are.");
    }

    private static ConfigDef defineObjective(ConfigDef def) {
        return ObjectiveConfig.define(
                        def,
                        NAMES,
                        0.08,
                        "The paper's is 0.08 for 27 B parameters and 0.002 for 16 B; too small a one lets kinds of queries"
                                + " collapse. No other reward keeps the form of the outputs.")
                .define(
                        "rl.keep.flat",
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether groups whose outputs are all right or all wrong stay in the batch. Their advantages are"
                                + " 0; the distance from the reference counts, as in GRPO. Without them a step takes less"
                                + " time, and kl.beta works as if it were smaller by their share.");
    }

    /**
     * Reads its keys.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    public static RlConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        ObjectiveConfig objective = ObjectiveConfig.from(config, NAMES);
        return new RlConfig(
                config.getInt("rl.group.size"),
                // Neither top-k nor top-p: the loss takes the probabilities of the whole distribution.
                new Sampling(objective.settings().temperature(), 0, 1, config.getInt("rl.max.tokens"), List.of()),
                objective,
                config.getBoolean("rl.keep.flat"),
                config.getInt("rl.drop.easy"),
                config.getString("rl.order").equals("output"),
                config.getInt("rl.rows"));
    }
}
