/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.train.RlSettings;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;

/**
 * What RL is told besides.
 *
 * @param groupSize outputs of a query
 * @param sampling how they are drawn
 * @param objective of GRPO
 * @param epochs how often the outputs of a step are learnt from
 * @param aggregation how the tokens' losses become one
 * @param keepFlat whether groups whose rewards are all alike stay in the batch
 * @param dropEasy samples by which the starting model is asked for easy queries; 0: it is not
 * @param orderPerOutput whether each output of a group sees an order of the responses of its own
 * @param measureKl whether the distance from the reference is measured where it does not count
 * @param rows most outputs that are written at once
 */
public record RlConfig(
        int groupSize,
        Sampling sampling,
        RlSettings objective,
        int epochs,
        Aggregation aggregation,
        boolean keepFlat,
        int dropEasy,
        boolean orderPerOutput,
        boolean measureKl,
        int rows) {

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
                        "rl.temperature",
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        Range.between(0.001, 100.0),
                        Importance.MEDIUM,
                        "Temperature of the outputs, and of the log-probabilities in the loss.")
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
        return def.define(
                        "kl.beta",
                        ConfigDef.Type.DOUBLE,
                        0.08,
                        Range.atLeast(0.0),
                        Importance.HIGH,
                        "Weight of the distance from the starting model (k3). The paper's is 0.08 for 27 B parameters and"
                                + " 0.002 for 16 B; too small a one lets kinds of queries collapse. No other reward keeps"
                                + " the form of the outputs.")
                .define(
                        "kl.unbiased",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether k3 is multiplied by the ratio of new to old probability (DeepSeek-V3.2, and TRL by default),"
                                + " so that its gradient is that of the divergence itself. The paper has plain k3.")
                .define(
                        "kl.measure",
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether the distance is measured where kl.beta is 0, at the cost of the reference's memory.")
                .define(
                        "rl.clip.low",
                        ConfigDef.Type.DOUBLE,
                        0.2,
                        Range.between(0.0, 1.0),
                        Importance.MEDIUM,
                        "How far below 1 the ratio of new to old probability counts.")
                .define(
                        "rl.clip.high",
                        ConfigDef.Type.DOUBLE,
                        0.2,
                        Range.atLeast(0.0),
                        Importance.MEDIUM,
                        "How far above 1.")
                .define(
                        "rl.clip.dual",
                        ConfigDef.Type.DOUBLE,
                        0.0,
                        Range.atLeast(0.0),
                        Importance.LOW,
                        "The largest ratio that counts where the advantage is negative: at least 1 + rl.clip.high. Without"
                                + " one, a bad token that has become far likelier moves the weights without bound. 0: none,"
                                + " as in the paper.")
                .define(
                        "rl.ratio",
                        ConfigDef.Type.STRING,
                        "token",
                        ValidString.in("token", "sequence"),
                        Importance.MEDIUM,
                        "What the ratio of new to old probability is taken of. token: of each, as in the paper. sequence: the"
                                + " geometric mean of an output's, for all its tokens (GSPO); it keeps much nearer to 1, so"
                                + " rl.clip.low and rl.clip.high are of the order of 0.0003 then.")
                .define(
                        "rl.loss.aggregation",
                        ConfigDef.Type.STRING,
                        "sequence",
                        ValidString.in("sequence", "token", "constant"),
                        Importance.MEDIUM,
                        "sequence: the mean over an output's tokens, then over the outputs, as in the paper. token: the"
                                + " mean over all tokens, so that long outputs count for more. constant: an output's sum over"
                                + " rl.max.tokens, then the mean over the outputs, so that no length is divided by (Dr."
                                + " GRPO).")
                .define(
                        "rl.epochs",
                        ConfigDef.Type.INT,
                        1,
                        Range.between(1, 100),
                        Importance.MEDIUM,
                        "How often the outputs of a step are learnt from; each time is an update.")
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
        double temperature = config.getDouble("rl.temperature");
        double clipHigh = config.getDouble("rl.clip.high");
        double dualClip = config.getDouble("rl.clip.dual");
        if (dualClip > 0 && dualClip < 1 + clipHigh) {
            throw new ConfigError("rl.clip.dual is " + dualClip + ": give 0 for none, or at least 1 + rl.clip.high, "
                    + (1 + clipHigh));
        }
        return new RlConfig(
                config.getInt("rl.group.size"),
                // Neither top-k nor top-p: the loss takes the probabilities of the whole distribution.
                new Sampling(temperature, 0, 1, config.getInt("rl.max.tokens"), List.of()),
                new RlSettings(
                        config.getDouble("rl.clip.low"),
                        clipHigh,
                        config.getDouble("kl.beta"),
                        temperature,
                        config.getBoolean("kl.unbiased"),
                        config.getString("rl.ratio").equals("sequence"),
                        dualClip),
                config.getInt("rl.epochs"),
                Aggregation.valueOf(config.getString("rl.loss.aggregation").toUpperCase(Locale.ROOT)),
                config.getBoolean("rl.keep.flat"),
                config.getInt("rl.drop.easy"),
                config.getString("rl.order").equals("output"),
                config.getBoolean("kl.measure"),
                config.getInt("rl.rows"));
    }

    /** Whether a frozen copy of the starting model is needed. */
    boolean needsReference() {
        return objective.klBeta() > 0 || measureKl;
    }
}
