/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.utils.SecurityUtils;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Rights in words, and as commands of Kafka's own tool. */
public final class Words {

    private Words() {}

    /** {@code topic 'rewards'}; {@code topics 'team-a.*'} for all that begin so. */
    public static String of(ResourcePattern resource) {
        String type = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (resource.resourceType()) {
            case CLUSTER -> "the cluster";
            default ->
                resource.patternType() == PatternType.PREFIXED
                        ? type + "s '" + resource.name() + "*'"
                        : resource.name().equals("*") ? "all " + type + "s" : type + " '" + resource.name() + "'";
        };
    }

    /** {@code WRITE on topic 'rewards'}. */
    public static String of(AclOperation operation, ResourcePattern resource) {
        return operation + " on " + of(resource);
    }

    /** {@code WRITE on topic 'rewards'}, with the host where there is one. */
    public static String of(AclBinding binding) {
        String host = binding.entry().host();
        return of(binding.entry().operation(), binding.pattern()) + (host.equals("*") ? "" : " from host " + host);
    }

    /**
     * The calls of {@code kafka-acls.sh} that give these rights, each under a line that says for what: one for each user and
     * resource.
     *
     * @param server the brokers; null for a shell variable
     */
    public static List<String> adding(List<Grant> grants, String server) {
        record Same(AclRole role, String principal, String host, ResourcePattern resource) {}
        Map<Same, List<Grant>> calls = new LinkedHashMap<>();
        for (Grant grant : grants) {
            calls.computeIfAbsent(
                            new Same(
                                    grant.role(),
                                    grant.principal(),
                                    grant.host(),
                                    grant.need().resource()),
                            same -> new ArrayList<>())
                    .add(grant);
        }
        List<String> lines = new ArrayList<>();
        calls.forEach((same, operations) -> {
            TreeSet<String> why = new TreeSet<>();
            operations.forEach(grant -> why.add(grant.need().why()));
            lines.add("# " + same.role().label() + ": " + String.join("; ", why));
            lines.add(command(
                    "--add",
                    operations.stream().map(Grant::binding).toList(),
                    server == null ? "\"$BOOTSTRAP\"" : quoted(server)));
        });
        return lines;
    }

    /** The call of {@code kafka-acls.sh} that takes a right or a denial away. */
    public static String removing(AclBinding binding) {
        return command("--remove", List.of(binding), "\"$BOOTSTRAP\"");
    }

    /** Of bindings that differ in their operations only. */
    private static String command(String verb, List<AclBinding> bindings, String server) {
        AclBinding first = bindings.getFirst();
        boolean allow = first.entry().permissionType() == AclPermissionType.ALLOW;
        StringBuilder command =
                new StringBuilder("kafka-acls.sh --bootstrap-server " + server + " --command-config admin.properties ");
        command.append(verb)
                .append(allow ? " --allow-principal " : " --deny-principal ")
                .append(quoted(first.entry().principal()));
        if (!first.entry().host().equals("*")) {
            command.append(allow ? " --allow-host " : " --deny-host ")
                    .append(quoted(first.entry().host()));
        }
        bindings.forEach(binding -> command.append(" --operation ")
                .append(SecurityUtils.operationName(binding.entry().operation())));
        command.append(
                switch (first.pattern().resourceType()) {
                    case CLUSTER -> " --cluster";
                    case GROUP -> " --group " + quoted(first.pattern().name());
                    case TRANSACTIONAL_ID ->
                        " --transactional-id " + quoted(first.pattern().name());
                    case TOPIC -> " --topic " + quoted(first.pattern().name());
                    default ->
                        " --"
                                + first.pattern()
                                        .resourceType()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-') + " "
                                + quoted(first.pattern().name());
                });
        if (first.pattern().patternType() == PatternType.PREFIXED) {
            command.append(" --resource-pattern-type prefixed");
        }
        if (verb.equals("--remove")) {
            command.append(" --force");
        }
        return command.toString();
    }

    /** As one word for a shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
