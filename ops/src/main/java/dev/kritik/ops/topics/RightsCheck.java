/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.ops.topics.acl.AclList;
import dev.kritik.ops.topics.acl.AclNames;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.ops.topics.acl.Need;
import dev.kritik.ops.topics.acl.Words;
import dev.kritik.schema.config.KafkaLogin;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.config.Refusal;

/**
 * Asks the brokers, when a role starts, whether its user has the rights that it needs, as far as they tell without anything being
 * done: on topics that are there, on groups and on transactional ids. So a role ends at once with the name of the right that is
 * missing, and does not find out with the first record. Brokers that don't answer, or have no authorizer, are no obstacle here.
 */
public final class RightsCheck {

    private static final Logger LOGGER = LoggerFactory.getLogger(RightsCheck.class);
    private static final int PATIENCE_MS = 10_000;

    private final Admin admin;

    private RightsCheck(Admin admin) {
        this.admin = admin;
    }

    /**
     * Looks whether Kafka lets the role in, and returns if nothing is known to be missing that it can't do without. What it
     * can do without stands in the log.
     *
     * @param config all configuration
     * @throws dev.kritik.schema.config.ConfigError if a broker refuses the login
     * @throws CommandFailed naming the user, the operation and the resource
     */
    public static void require(AclRole role, Map<String, String> config) {
        KafkaSettings kafka = KafkaSettings.from(config);
        List<Need> missing = KafkaLogin.check(kafka) ? missing(role, config, kafka) : List.of();
        if (missing.isEmpty()) {
            return;
        }
        String rights = missing.stream()
                .map(need -> Words.of(need.operation(), need.resource()) + " (" + need.why() + ")")
                .collect(Collectors.joining(", "));
        String message = Refusal.user(kafka) + " lacks rights that the " + role.label() + " needs: " + rights;
        if (missing.stream().allMatch(need -> dispensable(role, need))) {
            LOGGER.atWarn().addKeyValue("missing", rights).log("rights are missing; 'kritik topics acls' lists them");
            return;
        }
        throw new CommandFailed(
                message + ". 'kritik topics acls' lists all of them, and 'kritik topics create' gives them to"
                        + " the user that acl." + role.label() + " names");
    }

    /** Without these a role does its work, and tells less. */
    private static boolean dispensable(AclRole role, Need need) {
        boolean onlyTells = need.operation() == AclOperation.DESCRIBE_CONFIGS;
        return onlyTells
                || switch (role) {
                    case EXPORTER -> true;
                    case DASHBOARD -> need.resource().resourceType() == ResourceType.GROUP;
                    default -> false;
                };
    }

    private static List<Need> missing(AclRole role, Map<String, String> config, KafkaSettings kafka) {
        try (Admin admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "kritik-rights",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MS)))) {
            return new RightsCheck(admin).missing(needs(role, config));
        } catch (KafkaException e) {
            LOGGER.atDebug().setCause(e).log("the brokers don't tell which rights there are");
            return List.of();
        }
    }

    private static List<Need> needs(AclRole role, Map<String, String> config) {
        AclConfig acl = AclConfig.from(config);
        return AclList.of(acl.withSuggested(), AclNames.of(config, acl, Optional.empty())).stream()
                .filter(grant -> grant.role() == role)
                .map(Grant::need)
                .toList();
    }

    private List<Need> missing(List<Need> needs) {
        Map<String, List<Need>> byTopic = new LinkedHashMap<>();
        List<Need> missing = new ArrayList<>();
        for (Need need : needs) {
            String name = need.resource().name();
            boolean literal = need.resource().patternType() == PatternType.LITERAL;
            switch (need.resource().resourceType()) {
                case TOPIC -> {
                    if (literal) {
                        byTopic.computeIfAbsent(name, topic -> new ArrayList<>())
                                .add(need);
                    }
                }
                case GROUP -> {
                    // Whoever may READ may DESCRIBE.
                    if (literal
                            && need.operation() != AclOperation.DESCRIBE_CONFIGS
                            && refused(admin.describeConsumerGroups(List.of(name))
                                    .describedGroups()
                                    .get(name))) {
                        missing.add(need);
                    }
                }
                case TRANSACTIONAL_ID -> {
                    if (refused(admin.describeTransactions(List.of(name)).description(name))) {
                        missing.add(need);
                    }
                }
                default -> {}
            }
        }
        missing.addAll(0, onTopics(byTopic));
        return missing;
    }

    private List<Need> onTopics(Map<String, List<Need>> byTopic) {
        List<Need> missing = new ArrayList<>();
        var described = admin.describeTopics(
                        byTopic.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        byTopic.forEach((topic, needs) -> {
            try {
                TopicDescription found = described.get(topic).get();
                Set<AclOperation> may = found.authorizedOperations();
                if (may != null) {
                    needs.stream()
                            .filter(need -> !may.contains(need.operation()))
                            .forEach(missing::add);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    missing.addAll(needs);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
        return missing;
    }

    private static boolean refused(KafkaFuture<?> answer) {
        try {
            answer.get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof AuthorizationException; // else there is none yet, or no answer
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static KafkaException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new KafkaException("interrupted while looking at rights", e);
    }
}
