/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.ops.topics.acl.Need;
import dev.kritik.ops.topics.acl.Words;

/** That the list of rights is as short as it can be: without any one of them something does not go any more. A right
 * that holds a weaker one in it (READ holds DESCRIBE) is not taken away but weakened. */
@EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
class MinimalRightsTest {

    private static SecuredInstallation installation;
    private static Drills drills;
    private static Drills hasty;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        installation = new SecuredInstallation(folder);
        drills = new Drills(installation, Duration.ofMinutes(2));
        hasty = new Drills(installation, Duration.ofSeconds(20));
    }

    @AfterAll
    static void stop() {
        drills.close();
        hasty.close();
        installation.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REGISTRY")
    void aRoleCanDoAllWithTheListedRightsAndNotWithOneLess(AclRole role) throws Exception {
        // Given
        String prefix = "all-" + role.label() + ".";
        make(prefix, role);

        // When, then
        drills.run(role, prefix);

        List<String> needless = new ArrayList<>();
        List<Grant> listed = installation.listed(prefix, role);
        for (int i = 0; i < listed.size(); i++) {
            String without = role.label() + "-" + i + ".";
            make(without, role);
            Grant missing = installation.listed(without, role).get(i);
            installation.take(List.of(missing.binding()));
            installation.give(weaker(missing));
            int logged = installation.denials(missing.principal()).size();
            long begun = System.nanoTime();
            Optional<String> failure = failure(role, without);
            List<String> denials = installation.denials(missing.principal());
            boolean refused = denials.subList(logged, denials.size()).stream()
                    .anyMatch(line -> line.contains(missing.need().resource().name()));
            System.out.printf(
                    "%-9s without %-60s %5d ms, refused: %-5s %s%n",
                    role.label(),
                    Words.of(missing.binding()),
                    (System.nanoTime() - begun) / 1_000_000,
                    refused,
                    failure.flatMap(text -> text.lines().findFirst()).orElse("NOTHING FAILS"));
            // That time ran out is no proof on a busy machine, unless brokers have refused just this.
            boolean proven = failure.isPresent()
                    && (refused || !failure.get().startsWith(ConditionTimeoutException.class.getSimpleName()));
            if (!proven) {
                needless.add(Words.of(missing.binding()));
            }
        }
        assertThat(needless).as("rights that are not needed").isEmpty();
    }

    /** The admin makes everything itself, so that nothing but its rights may be there. */
    private static void make(String prefix, AclRole role) throws Exception {
        if (role == AclRole.ADMIN) {
            installation.give(installation.listed(prefix, role).stream()
                    .map(Grant::binding)
                    .toList());
        } else {
            installation.make(prefix, role);
        }
    }

    /** What the right holds in it, which alone must not do. */
    private static List<AclBinding> weaker(Grant grant) {
        AclOperation less = switch (grant.need().operation()) {
            case READ, WRITE, DELETE, ALTER -> AclOperation.DESCRIBE;
            case ALTER_CONFIGS -> AclOperation.DESCRIBE_CONFIGS;
            default -> null;
        };
        return less == null
                ? List.of()
                : List.of(new Grant(
                                grant.role(),
                                grant.principal(),
                                grant.host(),
                                new Need(grant.need().resource(), less, "less"))
                        .binding());
    }

    private static Optional<String> failure(AclRole role, String prefix) {
        try {
            hasty.run(role, prefix);
            return Optional.empty();
        } catch (Exception e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
