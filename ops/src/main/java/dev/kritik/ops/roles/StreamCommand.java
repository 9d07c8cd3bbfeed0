/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.topics.RightsCheck;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.stream.StreamApp;
import dev.kritik.telemetry.Telemetry;
import dev.kritik.telemetry.TelemetryConfig;

/** {@code kritik stream}: runs one instance of the stream application. */
@Command(
        name = "stream",
        description = {
            "Run the stream application: groups rollouts, asks for critiques, counts the votes, and writes one reward record "
                    + "for each group. Any number of instances share the partitions. Runs until Ctrl-C.",
            "Needs the topics: 'kritik topics create' makes them."
        },
        footer = {
            "",
            "Examples:",
            "  kritik stream --config kritik.properties",
            "  kritik stream --config kritik.properties --set stream.state.dir=/var/lib/kritik --set stream.k=4"
        })
public final class StreamCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> config = common.config();
        Telemetry telemetry = new Telemetry(TelemetryConfig.from(config, System::getenv), "stream");
        StreamApp app = new StreamApp(config, telemetry.registry());
        return Role.run(
                "stream",
                () -> {
                    telemetry.serve(app);
                    RightsCheck.require(AclRole.STREAM, config);
                    app.start();
                },
                atMost -> {
                    app.close(atMost);
                    telemetry.close();
                },
                app.stopped());
    }
}
