/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.monitor.dashboard.Dashboard;
import dev.kritik.monitor.lag.BrokerLag;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.topics.RightsCheck;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.schema.config.KafkaSettings;

/** {@code kritik dashboard}: serves a page that shows what an installation does. */
@Command(
        name = "dashboard",
        description = {
            "Serve a page that shows what an installation does: rollouts in, rewards out, what waits and what fails, lag, scores, "
                    + "judges, dead letters, and each group with its critiques and votes. Reads the topics of the last hour "
                    + "(dashboard.window.ms) and writes nothing. Runs until Ctrl-C.",
            "Listens on this machine only, at 127.0.0.1:8390. It shows whole rollouts: for other addresses name a token."
        },
        footer = {
            "",
            "Examples:",
            "  kritik dashboard --config kritik.properties",
            "  kritik dashboard --config kritik.properties --set dashboard.http.address=0.0.0.0:8390"
                    + " --set dashboard.http.token.env=KRITIK_TOKEN",
            "  kritik local --demo      # an installation to look at, dashboard included"
        })
public final class DashboardCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> config = common.config();
        KafkaSettings kafka = KafkaSettings.from(config);
        BrokerLag lag = new BrokerLag(kafka);
        Dashboard dashboard = new Dashboard(config, lag);
        return Role.run(
                "dashboard",
                () -> {
                    RightsCheck.require(AclRole.DASHBOARD, config);
                    dashboard.start();
                    common.out().println("Dashboard: " + dashboard.uri());
                    common.out().flush();
                },
                atMost -> {
                    dashboard.close();
                    lag.close();
                });
    }
}
