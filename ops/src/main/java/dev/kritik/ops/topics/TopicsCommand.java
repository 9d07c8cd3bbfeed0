/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik topics}: brings a cluster to where Kritik can run on it, or looks whether it is there. */
@Command(
        name = "topics",
        description =
                "Create or check topics, the settings of the workers' share group, rights, and schemas, on any cluster.",
        subcommands = {TopicsCommand.Create.class, TopicsCommand.Check.class, AclsCommand.class})
public final class TopicsCommand {

    /** {@code kritik topics create}. */
    @Command(
            name = "create",
            description = {
                "Make what is missing: topics, the settings of the workers' share group, the rights of users who are named "
                        + "by keys acl.*, schemas and their level of compatibility.",
                "What exists is never changed, shrunk or deleted: it is reported where it differs, with exit code 1. So "
                        + "this may run again at any time, and by a user who may not create everything: what is not "
                        + "allowed is named with the ACL that is missing."
            },
            footer = {
                "",
                "Examples:",
                "  kritik topics create --set kafka.bootstrap.servers=broker:9092 --set registry.url=http://registry:8081 \\",
                "      --set topics.replication=3 --set topics.min.insync=2",
                "  kritik topics create --config kritik.properties --dry-run"
            })
    static final class Create implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Option(names = "--dry-run", description = "Only say what would be made.")
        private boolean dryRun;

        @Override
        public Integer call() {
            return report(common, dryRun ? Bootstrap.Mode.DRY_RUN : Bootstrap.Mode.CREATE);
        }
    }

    /** {@code kritik topics check}. */
    @Command(
            name = "check",
            description = {
                "Compare a cluster with what the configuration asks for, and print what is missing or different. For users who are "
                        + "named by keys acl.* that is also a right that they have and don't need ('kritik topics acls' lists "
                        + "those that they need).",
                "Changes nothing. Exit code 0 when all is as it should be, 1 when not."
            },
            footer = {"", "Example:", "  kritik topics check --config kritik.properties"})
    static final class Check implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Override
        public Integer call() {
            return report(common, Bootstrap.Mode.CHECK);
        }
    }

    private static int report(CommonOptions common, Bootstrap.Mode mode) {
        List<Finding> findings = run(common.config(), mode);
        boolean good = findings.stream().allMatch(finding -> finding.state().good());
        if (common.json()) {
            common.out().println(json(Map.of("ok", good, "findings", findings)));
        } else {
            for (Finding finding : findings) {
                String state = finding.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                common.out()
                        .println(String.format(Locale.ROOT, "%-12s  %s: %s", state, finding.thing(), finding.detail()));
            }
        }
        common.out().flush();
        return good ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static List<Finding> run(Map<String, String> config, Bootstrap.Mode mode) {
        try {
            return Bootstrap.run(config, mode);
        } catch (KafkaException e) {
            throw new CommandFailed(
                    "the Kafka cluster can't be used: " + e.getMessage() + " (is kafka.bootstrap.servers right?)", e);
        }
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records can be written as JSON", e);
        }
    }
}
