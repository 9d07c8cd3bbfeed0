/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

import java.util.Map;

import dev.kritik.schema.config.Configs;

/**
 * What the training of the Meta RM is told besides.
 *
 * @param holdout share of the queries that it is evaluated on where no other file is given
 */
public record MetaRmConfig(double holdout) {

    private static final String HOLDOUT = "meta.holdout";

    /** Its keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    HOLDOUT,
                    ConfigDef.Type.DOUBLE,
                    0.1,
                    Range.between(0.0, 0.9),
                    Importance.MEDIUM,
                    "Share of the queries whose critiques are held out for the evaluation, where no --eval is given. All"
                            + " critiques of a query are on one side. 0: no evaluation.");

    /**
     * Reads its keys.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    public static MetaRmConfig from(Map<String, String> all) {
        return new MetaRmConfig(Configs.parse(DEF, all).getDouble(HOLDOUT));
    }
}
