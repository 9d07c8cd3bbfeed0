/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.schema.config.ConfigError;

class AclConfigTest {

    @Test
    void everyKeyHasItsDefault() {
        // When
        Map<String, Object> defaults = new TreeMap<>(AclConfig.DEF.defaultValues());
        // Then: one key for each role, and three more
        assertThat(defaults).hasSize(AclRole.values().length + 3).containsEntry("acl.stream", "");
        assertThat(defaults.remove("acl.host")).isEqualTo("*");
        assertThat(defaults.remove("acl.groups")).isEqualTo(List.of());
        assertThat(defaults.remove("acl.transactional.ids")).isEqualTo(List.of());
        assertThat(defaults.values()).containsOnly("");
        assertThat(AclConfig.from(Map.of()).isSet()).isFalse();
    }

    @Test
    void severalUsersAreSeparatedByCommasAndCertificatesHaveCommasOfTheirOwn() {
        // When
        AclConfig config = AclConfig.from(Map.of("acl.worker", "User:CN=w, OU=gpu,O=x ,User:b"));
        // Then
        assertThat(config.principals())
                .containsExactly(Map.entry(AclRole.WORKER, List.of("User:CN=w, OU=gpu,O=x", "User:b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "User:", "User:*", ":alice"})
    void whatIsNoUserIsRefusedByKey(String principal) {
        assertThatThrownBy(() -> AclConfig.from(Map.of("acl.worker", principal)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("acl.worker")
                .hasMessageContaining(principal);
    }

    @ParameterizedTest
    @EnumSource(AclRole.class)
    void allNamesOfAnInstallationBeginWithItsPrefix(AclRole role) {
        // Given
        Map<String, String> config = Map.of("kafka.bootstrap.servers", "nobody:1", "topics.prefix", "team-a.");
        AclConfig acl = AclConfig.from(config).withSuggested();
        // When
        List<Need> needs = RoleNeeds.of(role, AclNames.of(config, acl, Optional.empty()));
        // Then: so that no right of one installation reaches into another
        assertThat(needs).isNotEmpty().doesNotHaveDuplicates().allSatisfy(need -> {
            assertThat(need.why()).isNotBlank();
            if (role != AclRole.REGISTRY) {
                assertThat(need.resource().name()).matches("(dlq\\.)?team-a\\..*|kafka-cluster");
            }
        });
    }

    @Test
    void clusterRightsAreForThoseWhoAdministerOnly() {
        // Given
        Map<String, String> config = Map.of("kafka.bootstrap.servers", "nobody:1");
        AclConfig acl = AclConfig.from(config).withSuggested();
        // When, then
        assertThat(AclList.of(acl, AclNames.of(config, acl, Optional.empty())))
                .filteredOn(grant -> grant.need().resource().name().equals("kafka-cluster"))
                .extracting(Grant::role)
                .containsOnly(AclRole.CHECKER, AclRole.ADMIN);
    }

    @Test
    void furtherGroupsAndTransactionalIdsAreTakenFromTheirKeys() {
        // Given
        Map<String, String> config = Map.of(
                "kafka.bootstrap.servers", "nobody:1",
                "acl.exporter", "User:e",
                "acl.trainer", "User:t",
                "acl.groups", "mine,team-*",
                "acl.transactional.ids", "rl-");
        AclConfig acl = AclConfig.from(config);
        // When
        List<String> words = AclList.of(acl, AclNames.of(config, acl, Optional.empty())).stream()
                .map(grant -> Words.of(grant.binding()))
                .toList();
        // Then
        assertThat(words)
                .contains(
                        "DESCRIBE on group 'mine'",
                        "DESCRIBE on groups 'team-*'",
                        "READ on topic 'rewards'",
                        "WRITE on transactional ids 'rl-*'")
                .doesNotContain("WRITE on transactional ids 'kritik-grpo-*'");
    }
}
