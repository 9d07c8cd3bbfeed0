/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.ops.topics.acl.AclList;
import dev.kritik.ops.topics.acl.AclNames;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.ops.topics.acl.Grant;
import dev.kritik.schema.config.KafkaSettings;

/**
 * A broker with TLS, passwords and ACLs, and a user for each role; on it any number of installations, each under a prefix of its
 * own. Users have the rights that tests give them, and no others.
 */
final class SecuredInstallation implements AutoCloseable {

    private final LocalStack stack;

    SecuredInstallation(Path folder) {
        stack = LocalStack.start(
                Options.in(folder.resolve("stack")).withSecurity().thrownAway());
        Arrays.stream(AclRole.values())
                .filter(role -> role != AclRole.REGISTRY) // is there already
                .forEach(role -> stack.addUser(user(role), "password-of-" + role.label()));
    }

    static String user(AclRole role) {
        return role == AclRole.REGISTRY ? "registry" : "kritik-" + role.label();
    }

    LocalStack stack() {
        return stack;
    }

    /** Configuration of an installation, for somebody who may do everything. */
    Map<String, String> admin(String prefix) {
        return config(prefix, "admin");
    }

    /** Configuration of an installation for the user of a role. */
    Map<String, String> as(AclRole role, String prefix) {
        return config(prefix, user(role));
    }

    Map<String, String> config(String prefix, String user) {
        Map<String, String> config = new TreeMap<>(stack.clientSettings(user));
        config.put("registry.url", stack.registryUrl());
        config.put("topics.prefix", prefix);
        config.put("topics.partitions", "1");
        config.put("topics.replication", "1");
        config.put("stream.replication", "1");
        config.put("stream.state.dir", stack.data().resolve(prefix + "state").toString());
        config.put("worker.shutdown.grace.ms", "0");
        config.put("worker.slots", "1");
        return config;
    }

    /** The same with a user for each role in keys acl.*. */
    static Map<String, String> withRoles(Map<String, String> config, AclRole... roles) {
        Map<String, String> all = new TreeMap<>(config);
        for (AclRole role : roles) {
            all.put("acl." + role.label(), "User:" + user(role));
        }
        return all;
    }

    /** All that the list gives to these roles in an installation. */
    List<Grant> listed(String prefix, AclRole... roles) {
        Map<String, String> config = withRoles(admin(prefix), roles);
        AclConfig acl = AclConfig.from(config);
        return AclList.of(acl, AclNames.of(config, acl, Optional.empty()));
    }

    /** Makes topics and schemas, and gives these roles what the list names. */
    void make(String prefix, AclRole... roles) throws Exception {
        Bootstrap.run(admin(prefix), Bootstrap.Mode.CREATE)
                .forEach(finding -> assertThat(finding.state().good())
                        .as("%s: %s", finding.thing(), finding.detail())
                        .isTrue());
        give(listed(prefix, roles).stream().map(Grant::binding).toList());
    }

    void give(Collection<AclBinding> bindings) throws Exception {
        try (Admin admin = Admin.create(KafkaSettings.from(admin("")).client())) {
            admin.createAcls(bindings).all().get();
        }
    }

    void take(Collection<AclBinding> bindings) throws Exception {
        try (Admin admin = Admin.create(KafkaSettings.from(admin("")).client())) {
            admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
        }
    }

    /** What the broker's log says that this user was refused. */
    List<String> denials(String principal) throws IOException {
        try (Stream<String> lines = Files.lines(stack.brokerLog())) {
            return lines.filter(line -> line.contains("Principal = " + principal + " is Denied"))
                    .toList();
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}
