/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.lag;

import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import dev.kritik.monitor.lag.BrokerLag;
import dev.kritik.monitor.lag.LagReport;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;

/** {@code kritik lag}: shows how far groups are behind. */
@Command(
        name = "lag",
        description = {
            "Show how far every consumer group and share group is behind the installation's topics: records as Kafka's own "
                    + "tools count them, and the age of the oldest record that may be read and is not. A dash stands for what is "
                    + "not known.",
            "'kritik exporter' shows the same to Prometheus."
        },
        footer = {
            "",
            "Examples:",
            "  kritik lag --config kritik.properties",
            "  kritik lag --partitions --bootstrap localhost:9092",
            "  kritik lag --watch --config kritik.properties",
            "  kritik lag --json --config kritik.properties | jq -c 'select(.records > 100)'"
        })
public final class LagCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Option(names = "--partitions", description = "A line for each partition, too. With --json there always is.")
    private boolean partitions;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2",
            description = "Look again after so many seconds (without a number: 2), until Ctrl-C.")
    private Integer watch;

    @Override
    public Integer call() throws InterruptedException {
        if (watch != null && watch < 1) {
            throw new ConfigError("--watch is " + watch + ": give at least 1 second");
        }
        Map<String, String> config = connection.over(common.config());
        if (config.getOrDefault(KafkaSettings.BOOTSTRAP_SERVERS, "").isBlank()) {
            throw new ConfigError("which installation? " + KafkaSettings.BOOTSTRAP_SERVERS + " is not given: use"
                    + " --bootstrap, or --config FILE (a running 'kritik local' has written one and prints its name)");
        }
        try (BrokerLag lag = new BrokerLag(KafkaSettings.from(config))) {
            print(look(lag));
            while (watch != null) {
                TimeUnit.SECONDS.sleep(watch);
                if (!common.json()) {
                    common.out().println();
                }
                print(look(lag));
            }
        }
        return ExitCode.OK;
    }

    private static LagReport look(BrokerLag lag) {
        try {
            return lag.report();
        } catch (KafkaException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private void print(LagReport report) {
        if (common.json()) {
            LagJson.of(report).forEach(common.out()::println);
        } else {
            common.out().print(LagTable.of(report, partitions));
        }
        common.out().flush();
    }
}
