/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.ops.topics.acl.AclList;
import dev.kritik.ops.topics.acl.AclNames;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.ops.topics.acl.Words;
import dev.kritik.schema.config.KafkaSettings;

/** {@code kritik topics acls}: what each role may do, as a list for people, for programs, or for Kafka's own tool. */
@Command(
        name = "acls",
        description = {
            "Print the rights (ACLs) that each role needs on the Kafka cluster, and what for. Users are named by keys acl.*; "
                    + "without any, all roles are shown with users as they might be called. Asks no broker, so that the list can be "
                    + "handed to those who administer the cluster.",
            "'kritik topics create' gives these rights, and 'kritik topics check' compares them with those that there are."
        },
        footer = {
            "",
            "Examples:",
            "  kritik topics acls --set acl.stream=User:kritik-stream --set acl.worker=User:kritik-worker",
            "  kritik topics acls --config kritik.properties --commands > acls.sh",
            "  kritik topics acls --config kritik.properties --json | jq -c 'select(.role == \"worker\")'"
        })
final class AclsCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--commands",
            description =
                    "As calls of kafka-acls.sh, which Kafka brings along; admin.properties holds the settings of whoever "
                            + "may give rights.")
    private boolean commands;

    @Override
    public Integer call() {
        Map<String, String> given = common.config();
        AclConfig acl = AclConfig.from(given);
        if (!acl.isSet()) {
            acl = acl.withSuggested();
            common.err().println("no keys acl.*: all roles, with users as they might be called");
            common.err().flush();
        }
        List<Grant> grants = AclList.of(acl, names(given, acl));
        if (common.json()) {
            grants.forEach(grant -> common.out().println(json(grant)));
        } else if (commands) {
            Words.adding(grants, given.get(KafkaSettings.BOOTSTRAP_SERVERS)).forEach(common.out()::println);
        } else {
            print(grants);
        }
        common.out().flush();
        return ExitCode.OK;
    }

    private static AclNames names(Map<String, String> given, AclConfig acl) {
        Map<String, String> config = new TreeMap<>(given);
        config.putIfAbsent(KafkaSettings.BOOTSTRAP_SERVERS, "nobody-is-asked:9092");
        String deadLetters = KafkaSettings.from(config).topics().deadLetters();
        return AclNames.of(config, acl, Broker.UNKNOWN.deadLetterQueue(deadLetters));
    }

    private void print(List<Grant> grants) {
        String head = "";
        for (Grant grant : grants) {
            String user = grant.role().label() + ": " + grant.principal()
                    + (grant.host().equals("*") ? "" : " from host " + grant.host());
            if (!user.equals(head)) {
                common.out().println((head.isEmpty() ? "" : System.lineSeparator()) + user);
                head = user;
            }
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %-16s %-45s %s",
                            grant.need().operation(),
                            Words.of(grant.need().resource()),
                            grant.need().why()));
        }
    }

    private static String json(Grant grant) {
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("role", grant.role().label());
        plain.put("principal", grant.principal());
        plain.put("host", grant.host());
        plain.put("permission", "ALLOW");
        plain.put("operation", grant.need().operation().name());
        plain.put("resource_type", grant.need().resource().resourceType().name());
        plain.put("pattern_type", grant.need().resource().patternType().name());
        plain.put("resource", grant.need().resource().name());
        plain.put("why", grant.need().why());
        try {
            return new ObjectMapper().writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can be written as JSON", e);
        }
    }
}
