/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.util.Locale;

import dev.kritik.lm.train.RlSettings;
import dev.kritik.schema.config.ConfigError;

/**
 * What GRPO is told of its objective, whatever the rewards come from.
 *
 * @param settings of the loss
 * @param aggregation how the tokens' losses become one
 * @param epochs how often the outputs of a step are learnt from
 * @param measureKl whether the distance from the reference is measured where it does not count
 */
public record ObjectiveConfig(RlSettings settings, Aggregation aggregation, int epochs, boolean measureKl) {

    /**
     * How its keys are called.
     *
     * @param prefix of most
     * @param kl prefix of those on the distance from the reference
     */
    public record Names(String prefix, String kl) {

        private String of(String name) {
            return prefix + name;
        }
    }

    /**
     * Adds its keys.
     *
     * @param beta the default weight of the distance from the reference
     * @param onBeta what is to be said of it
     */
    public static ConfigDef define(ConfigDef def, Names names, double beta, String onBeta) {
        return defineLoss(defineKl(def, names, beta, onBeta), names)
                .define(
                        names.of("temperature"),
                        ConfigDef.Type.DOUBLE,
                        1.0,
                        Range.between(0.001, 100.0),
                        Importance.MEDIUM,
                        "Temperature of what is written, and of the log-probabilities in the loss.")
                .define(
                        names.of("epochs"),
                        ConfigDef.Type.INT,
                        1,
                        Range.between(1, 100),
                        Importance.MEDIUM,
                        "How often what a step has is learnt from; each time is an update.");
    }

    private static ConfigDef defineKl(ConfigDef def, Names names, double beta, String onBeta) {
        return def.define(
                        names.kl() + "beta",
                        ConfigDef.Type.DOUBLE,
                        beta,
                        Range.atLeast(0.0),
                        Importance.HIGH,
                        "Weight of the distance from the starting model (k3). " + onBeta)
                .define(
                        names.kl() + "unbiased",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether k3 is multiplied by the ratio of new to old probability (DeepSeek-V3.2, and TRL by default),"
                                + " so that its gradient is that of the divergence itself. GRPO's paper has plain k3.")
                .define(
                        names.kl() + "measure",
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether the distance is measured where " + names.kl()
                                + "beta is 0, at the cost of the reference's memory.");
    }

    private static ConfigDef defineLoss(ConfigDef def, Names names) {
        return def.define(
                        names.of("clip.low"),
                        ConfigDef.Type.DOUBLE,
                        0.2,
                        Range.between(0.0, 1.0),
                        Importance.MEDIUM,
                        "How far below 1 the ratio of new to old probability counts.")
                .define(
                        names.of("clip.high"),
                        ConfigDef.Type.DOUBLE,
                        0.2,
                        Range.atLeast(0.0),
                        Importance.MEDIUM,
                        "How far above 1.")
                .define(
                        names.of("clip.dual"),
                        ConfigDef.Type.DOUBLE,
                        0.0,
                        Range.atLeast(0.0),
                        Importance.LOW,
                        "The largest ratio that counts where the advantage is negative: at least 1 + "
                                + names.of("clip.high")
                                + ". Without one, a bad token that has become far likelier moves the weights without bound."
                                + " 0: none, as in the paper.")
                .define(
                        names.of("ratio"),
                        ConfigDef.Type.STRING,
                        "token",
                        ValidString.in("token", "sequence"),
                        Importance.MEDIUM,
                        "What the ratio of new to old probability is taken of. token: of each, as in the paper. sequence: the"
                                + " geometric mean of an output's, for all its tokens (GSPO); it keeps much nearer to 1, so "
                                + names.of("clip.low") + " and " + names.of("clip.high")
                                + " are of the order of 0.0003 then.")
                .define(
                        names.of("loss.aggregation"),
                        ConfigDef.Type.STRING,
                        "sequence",
                        ValidString.in("sequence", "token", "constant"),
                        Importance.MEDIUM,
                        "sequence: the mean over an output's tokens, then over the outputs, as in the paper. token: the"
                                + " mean over all tokens, so that long outputs count for more. constant: an output's sum over "
                                + names.of("max.tokens")
                                + ", then the mean over the outputs, so that no length is divided by (Dr. GRPO).");
    }

    /**
     * Reads its keys.
     *
     * @throws ConfigError naming the key at fault
     */
    public static ObjectiveConfig from(AbstractConfig config, Names names) {
        double clipHigh = config.getDouble(names.of("clip.high"));
        double dualClip = config.getDouble(names.of("clip.dual"));
        if (dualClip > 0 && dualClip < 1 + clipHigh) {
            throw new ConfigError(names.of("clip.dual") + " is " + dualClip + ": give 0 for none, or at least 1 + "
                    + names.of("clip.high") + ", " + (1 + clipHigh));
        }
        return new ObjectiveConfig(
                new RlSettings(
                        config.getDouble(names.of("clip.low")),
                        clipHigh,
                        config.getDouble(names.kl() + "beta"),
                        config.getDouble(names.of("temperature")),
                        config.getBoolean(names.kl() + "unbiased"),
                        config.getString(names.of("ratio")).equals("sequence"),
                        dualClip),
                Aggregation.valueOf(
                        config.getString(names.of("loss.aggregation")).toUpperCase(Locale.ROOT)),
                config.getInt(names.of("epochs")),
                config.getBoolean(names.kl() + "measure"));
    }

    /** Whether a frozen copy of the starting model is needed. */
    public boolean needsReference() {
        return settings.klBeta() > 0 || measureKl;
    }
}
