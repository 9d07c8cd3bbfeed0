/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

import java.time.Duration;
import java.util.Map;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;

/**
 * The keys {@code exporter.*}.
 *
 * @param interval between the end of one look and the next
 * @param timeout how long a look may take
 * @param keep how old figures may be before they are taken away
 */
public record ExporterConfig(Duration interval, Duration timeout, Duration keep) {

    public static final String INTERVAL = "exporter.interval.ms";
    public static final String TIMEOUT = "exporter.timeout.ms";
    public static final String KEEP = "exporter.keep.ms";

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    INTERVAL,
                    ConfigDef.Type.INT,
                    15_000,
                    Range.between(500, 3_600_000),
                    Importance.MEDIUM,
                    "Pause between two looks at the brokers, in ms. Scrapes don't ask the brokers: they get what the last look"
                            + " has found.")
            .define(
                    TIMEOUT,
                    ConfigDef.Type.INT,
                    10_000,
                    Range.between(500, 600_000),
                    Importance.LOW,
                    "How long one look may take, in ms. What the brokers have not answered by then is left out.")
            .define(
                    KEEP,
                    ConfigDef.Type.INT,
                    60_000,
                    Range.between(1_000, 3_600_000),
                    Importance.MEDIUM,
                    "How old the figures may get, in ms, when no look succeeds. After that they are taken away, and the exporter"
                            + " is not ready: no figure is better than an old one. At least exporter.interval.ms and"
                            + " exporter.timeout.ms together.");

    /**
     * Reads the keys out of all configuration.
     *
     * @throws ConfigError if a value is wrong; names the key
     */
    public static ExporterConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        int interval = config.getInt(INTERVAL);
        int timeout = config.getInt(TIMEOUT);
        int keep = config.getInt(KEEP);
        if (keep < interval + timeout) {
            throw new ConfigError(KEEP + " is " + keep + ", less than " + INTERVAL + " and " + TIMEOUT
                    + " together: figures would be taken away between two looks; make it at least "
                    + (interval + timeout));
        }
        return new ExporterConfig(Duration.ofMillis(interval), Duration.ofMillis(timeout), Duration.ofMillis(keep));
    }
}
