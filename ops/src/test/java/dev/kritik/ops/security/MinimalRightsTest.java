/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.assertj.core.api.Assertions.assertThat;

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

import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.ops.topics.acl.Words;

/** That the list of rights is as short as it can be: without any one of them something does not go any more. */
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
            int logged = installation.denials(missing.principal()).size();
            long begun = System.nanoTime();
            String how = failure(role, without);
            System.out.printf(
                    "%-9s without %-60s %5d ms: %s%n",
                    role.label(),
                    Words.of(missing.binding()),
                    (System.nanoTime() - begun) / 1_000_000,
                    how == null ? "NOTHING FAILS" : how.lines().findFirst().orElse("").strip());
            // That it failed is no proof on a busy machine: brokers must have refused just this.
            List<String> denials = installation.denials(missing.principal());
            boolean refused = denials.subList(logged, denials.size()).stream()
                    .anyMatch(line -> line.contains(missing.need().resource().name()));
            if (how == null || !refused) {
                System.out.println("          refused: " + refused);
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

    private static String failure(AclRole role, String prefix) {
        try {
            hasty.run(role, prefix);
            return null;
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }
}
