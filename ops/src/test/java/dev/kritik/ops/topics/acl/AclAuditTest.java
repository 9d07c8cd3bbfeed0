/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class AclAuditTest {

    private static final String WORKER = "User:w";

    /** Three of the worker's rights are on topics with prefix p., two on its group. */
    private final List<Grant> wanted = wanted(Map.of("acl.worker", WORKER));

    private static List<Grant> wanted(Map<String, String> keys) {
        Map<String, String> config = new java.util.TreeMap<>(keys);
        config.put("kafka.bootstrap.servers", "nobody:1");
        config.put("topics.prefix", "p.");
        AclConfig acl = AclConfig.from(config);
        return AclList.of(acl, AclNames.of(config, acl, Optional.empty()));
    }

    private List<AclBinding> exactly() {
        return new ArrayList<>(wanted.stream().map(Grant::binding).toList());
    }

    private AclAudit audit(List<AclBinding> found) {
        return AclAudit.of(wanted, List.of(), found);
    }

    private static AclBinding topic(
            String principal, AclPermissionType permission, AclOperation operation, PatternType pattern, String name) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, name, pattern),
                new AccessControlEntry(principal, "*", operation, permission));
    }

    @Test
    void exactlyTheListIsClean() {
        assertThat(audit(exactly()).isClean()).isTrue();
    }

    @Test
    void eachRightThatIsNotThereIsMissing() {
        for (Grant grant : wanted) {
            // Given
            List<AclBinding> found = exactly();
            found.remove(grant.binding());
            // When
            AclAudit audit = audit(found);
            // Then
            assertThat(audit.missing()).containsExactly(grant);
            assertThat(audit.excess()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "READ, LITERAL, p.rewards, another topic",
        "WRITE, LITERAL, p.critique-requests, another operation",
        "ALL, LITERAL, p.critiques, all operations",
        "WRITE, PREFIXED, p.critiques, all topics that begin so",
        "WRITE, PREFIXED, p., all topics of the installation",
        "WRITE, LITERAL, *, every topic",
        "DESCRIBE, LITERAL, of-others, a topic of somebody else",
    })
    void whatIsMoreThanTheListIsExcess(AclOperation operation, PatternType pattern, String name, String what) {
        // Given
        AclBinding more = topic(WORKER, AclPermissionType.ALLOW, operation, pattern, name);
        List<AclBinding> found = exactly();
        found.add(more);
        // When
        AclAudit audit = audit(found);
        // Then
        assertThat(audit.excess()).as(what).containsExactly(more);
        assertThat(audit.missing()).isEmpty();
    }

    @Test
    void aBroaderRightInPlaceOfTheListedOneIsExcessButNothingIsMissing() {
        // Given
        AclBinding broad = topic(WORKER, AclPermissionType.ALLOW, AclOperation.ALL, PatternType.PREFIXED, "p.");
        List<AclBinding> found = exactly();
        found.removeIf(binding -> binding.pattern().resourceType() == ResourceType.TOPIC);
        found.add(broad);
        // When
        AclAudit audit = audit(found);
        // Then
        assertThat(audit.excess()).containsExactly(broad);
        assertThat(audit.missing()).isEmpty();
    }

    @Test
    void whatAListedRightHoldsInItIsNoExcess() {
        // Given
        List<AclBinding> found = exactly();
        found.add(topic(WORKER, AclPermissionType.ALLOW, AclOperation.DESCRIBE, PatternType.LITERAL, "p.critiques"));
        found.add(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "p.critiques", PatternType.LITERAL),
                new AccessControlEntry(WORKER, "10.0.0.1", AclOperation.WRITE, AclPermissionType.ALLOW)));
        // When, then
        assertThat(audit(found).isClean()).isTrue();
    }

    @Test
    void aRightFromAnyHostIsExcessWhereUsersComeFromOne() {
        // Given
        List<Grant> fromOne = wanted(Map.of("acl.producer", "User:a", "acl.host", "10.0.0.1"));
        AclBinding anywhere =
                topic("User:a", AclPermissionType.ALLOW, AclOperation.WRITE, PatternType.LITERAL, "p.rollouts");
        // When
        AclAudit audit = AclAudit.of(fromOne, List.of(), List.of(anywhere));
        // Then
        assertThat(audit.missing()).isEmpty();
        assertThat(audit.excess()).containsExactly(anywhere);
    }

    @ParameterizedTest
    @CsvSource({
        "User:w, WRITE, LITERAL, p.critiques, true",
        "User:w, DESCRIBE, LITERAL, p.critiques, true",
        "User:w, ALL, PREFIXED, p., true",
        "User:*, READ, LITERAL, *, true",
        "User:w, DELETE, LITERAL, p.critiques, false",
        "User:w, WRITE, LITERAL, p.rewards, false",
        "User:x, ALL, LITERAL, *, false",
    })
    void aDenialOfWhatIsNeededIsFoundAndNoOther(
            String principal, AclOperation operation, PatternType pattern, String name, boolean hinders) {
        // Given
        AclBinding denial = topic(principal, AclPermissionType.DENY, operation, pattern, name);
        List<AclBinding> found = exactly();
        found.add(denial);
        // When
        AclAudit audit = audit(found);
        // Then
        assertThat(audit.denials())
                .hasSize(hinders ? 1 : 0)
                .allMatch(one -> one.binding().equals(denial));
        assertThat(audit.excess()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, READ, LITERAL, p.critiques, true",
        "TOPIC, DESCRIBE, PREFIXED, p, true",
        "TOPIC, READ, LITERAL, *, true",
        "GROUP, READ, LITERAL, p.kritik-workers, true",
        "TOPIC, READ, LITERAL, of-others, false",
        "CLUSTER, ALTER, LITERAL, kafka-cluster, true",
        "CLUSTER, DESCRIBE, LITERAL, kafka-cluster, false",
    })
    void whatIsOursAndOpenToEverybodyIsFound(
            ResourceType type, AclOperation operation, PatternType pattern, String name, boolean open) {
        // Given
        AclBinding right = new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:*", "*", operation, AclPermissionType.ALLOW));
        List<AclBinding> found = exactly();
        found.add(right);
        // When, then
        assertThat(audit(found).open()).isEqualTo(open ? List.of(right) : List.of());
    }

    @Test
    void whatEverybodyMayDoIsMissingForTheUserAllTheSame() {
        // Given: somebody takes it away some day
        AclBinding everybodys = topic("User:*", AclPermissionType.ALLOW, AclOperation.ALL, PatternType.LITERAL, "*");
        // When, then
        assertThat(audit(List.of(everybodys)).missing()).isEqualTo(wanted);
    }

    @Test
    void rightsOfOthersAreNoneOfOurBusiness() {
        // Given
        List<AclBinding> found = exactly();
        found.add(topic("User:other", AclPermissionType.ALLOW, AclOperation.ALL, PatternType.LITERAL, "*"));
        // When, then
        assertThat(audit(found).isClean()).isTrue();
    }

    @Test
    void aUserWithTwoRolesMayDoWhatEitherNeeds() {
        // Given
        List<Grant> both = wanted(Map.of("acl.worker", "User:a", "acl.producer", "User:a, User:b"));
        // When
        AclAudit audit =
                AclAudit.of(both, List.of(), both.stream().map(Grant::binding).toList());
        // Then
        assertThat(both).extracting(Grant::principal).containsOnly("User:a", "User:b");
        assertThat(audit.isClean()).isTrue();
    }
}
