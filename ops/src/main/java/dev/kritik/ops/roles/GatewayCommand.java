/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.gateway.Gateway;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.topics.RightsCheck;
import dev.kritik.ops.topics.acl.AclRole;

/** {@code kritik gateway}: runs one instance of the HTTP gateway. */
@Command(
        name = "gateway",
        description = {
            "Run the HTTP gateway: RL systems post responses and get rewards, without Kafka on their side. It speaks a job API, "
                    + "OpenRLHF's and slime's remote reward, and NeMo Gym's /verify and /compare; /openapi.json describes all. "
                    + "Any number of instances serve the same jobs. Runs until Ctrl-C.",
            "Needs the topics: 'kritik topics create' makes them."
        },
        footer = {
            "",
            "Examples:",
            "  kritik gateway --config kritik.properties",
            "  kritik gateway --config kritik.properties --set gateway.http.address=0.0.0.0:8380"
                    + " --set gateway.http.token.env=KRITIK_TOKEN",
            "  curl -H 'Content-Type: application/json' 'http://127.0.0.1:8380/v1/rewards?wait_s=60' \\",
            "    -d '{\"prompt\": \"2+2?\", \"responses\": [\"4\", \"5\"]}'"
        })
public final class GatewayCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> config = common.config();
        Gateway gateway = new Gateway(config);
        return Role.run(
                "gateway",
                () -> {
                    RightsCheck.require(AclRole.GATEWAY, config);
                    gateway.start();
                },
                gateway::close,
                gateway.stopped());
    }
}
