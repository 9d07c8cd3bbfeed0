/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.local.LocalStack;
import dev.kritik.ops.topics.acl.AclRole;

/** The users of a secured local installation: one for each role, and one for whoever runs commands. */
final class LocalUsers {

    /** May do everything; gives the others their rights. */
    static final String ADMIN = "admin";

    /** Runs commands. */
    static final String CLIENT = "kritik-client";

    private static final int PASSWORD_BYTES = 24;

    /** What runs as a process. */
    private static final List<AclRole> PROCESSES =
            List.of(AclRole.STREAM, AclRole.WORKER, AclRole.GATEWAY, AclRole.EXPORTER, AclRole.DASHBOARD);

    /** What commands do. */
    private static final List<AclRole> COMMANDS = List.of(
            AclRole.PRODUCER, AclRole.CONSUMER, AclRole.TRAINER, AclRole.REPLAY, AclRole.RESCORE, AclRole.CHECKER);

    private LocalUsers() {}

    /** The user as whom the process of a role runs. */
    static String of(String role) {
        return "kritik-" + role;
    }

    /** The keys {@code acl.*} that say who is who. */
    static Map<String, String> keys() {
        Map<String, String> keys = new TreeMap<>();
        PROCESSES.forEach(role -> keys.put("acl." + role.label(), "User:" + of(role.label())));
        COMMANDS.forEach(role -> keys.put("acl." + role.label(), "User:" + CLIENT));
        keys.merge("acl." + AclRole.EXPORTER.label(), "User:" + CLIENT, (exporter, lag) -> exporter + "," + lag);
        keys.put("acl." + AclRole.REGISTRY.label(), "User:registry");
        return keys;
    }

    /** Makes them, with passwords drawn anew; their rights are not given here. */
    static void make(LocalStack stack) {
        PROCESSES.forEach(role -> stack.addUser(of(role.label()), password()));
        stack.addUser(CLIENT, password());
    }

    private static String password() {
        byte[] drawn = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(drawn);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
    }
}
