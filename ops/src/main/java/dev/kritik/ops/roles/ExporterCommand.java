/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.monitor.lag.BrokerLag;
import dev.kritik.monitor.lag.ExporterConfig;
import dev.kritik.monitor.lag.LagExporter;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.topics.RightsCheck;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.telemetry.Telemetry;
import dev.kritik.telemetry.TelemetryConfig;

/** {@code kritik exporter}: shows lag to Prometheus. */
@Command(
        name = "exporter",
        description = {
            "Run the lag exporter: how far every consumer group and share group is behind the installation's topics, in "
                    + "records and in seconds, as gauges for Prometheus on /metrics. One instance is enough. Runs until Ctrl-C.",
            "'kritik lag' shows the same once, as a table."
        },
        footer = {
            "",
            "Examples:",
            "  kritik exporter --config kritik.properties --set telemetry.http.address=0.0.0.0:9464",
            "  curl http://127.0.0.1:9464/metrics"
        })
public final class ExporterCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> config = common.config();
        ExporterConfig keys = ExporterConfig.from(config);
        KafkaSettings kafka = KafkaSettings.from(config);
        Deque<Runnable> open = new ArrayDeque<>();
        Telemetry telemetry = new Telemetry(TelemetryConfig.from(config, System::getenv), "exporter");
        open.push(telemetry::close);
        return Role.run(
                "exporter",
                () -> {
                    RightsCheck.require(AclRole.EXPORTER, config);
                    BrokerLag lag = new BrokerLag(kafka, keys.timeout(), Clock.systemUTC());
                    LagExporter exporter = new LagExporter(lag::report, keys, telemetry.registry());
                    synchronized (open) {
                        open.push(lag::close);
                        open.push(exporter::close);
                    }
                    telemetry.serve(exporter);
                    exporter.start();
                },
                atMost -> {
                    synchronized (open) {
                        open.forEach(Runnable::run);
                    }
                });
    }
}
