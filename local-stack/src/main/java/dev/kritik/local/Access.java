/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Users and their rights in a secured broker, over Kafka's admin client: of whatever version the caller has. Needed for
 * secured stacks only, so that others can do without Kafka's clients.
 */
final class Access {

    private static final int ITERATIONS = 4096; // the least that Kafka takes; drawn passwords need no more
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Security security;
    private final String bootstrapServers;

    Access(Security security, String bootstrapServers) {
        this.security = security;
        this.bootstrapServers = bootstrapServers;
    }

    /** Makes a user, or gives it another password; returns when the user can come in. */
    void addUser(String user, String password) {
        if (!user.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("user '" + user + "' has other characters than letters, digits, . _ -");
        }
        security.secrets().keep(user, password);
        asAdmin(admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                .all()
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        awaitLogin(user, password);
    }

    /**
     * What Apicurio Registry does with its journal of schemas, and no more. It makes its three topics itself at the first
     * start, and reads the journal with a group of a new name each time.
     */
    void allowRegistry() {
        List<AclBinding> bindings = new ArrayList<>();
        for (String topic : List.of("kafkasql-journal", "kafkasql-snapshots", "registry-events")) {
            for (AclOperation operation : List.of(
                    AclOperation.CREATE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ, AclOperation.WRITE)) {
                bindings.add(allow(ResourceType.TOPIC, topic, PatternType.LITERAL, operation));
            }
        }
        bindings.add(allow(ResourceType.GROUP, "apicurio-", PatternType.PREFIXED, AclOperation.READ));
        asAdmin(admin -> admin.createAcls(bindings).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static AclBinding allow(ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + Security.REGISTRY, "*", operation, AclPermissionType.ALLOW));
    }

    /** The broker learns of a new user a moment after the controller has confirmed it. */
    private void awaitLogin(String user, String password) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                as(
                        user,
                        password,
                        admin -> admin.describeCluster().nodes().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
                return;
            } catch (StackException e) {
                boolean notYet = e.getCause() instanceof SaslAuthenticationException;
                if (!notYet || System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void asAdmin(Work work) {
        as(Security.ADMIN, security.secrets().read(Security.ADMIN), work);
    }

    private void as(String user, String password, Work work) {
        Map<String, Object> settings = new HashMap<>(security.client(user));
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("sasl.jaas.config", Security.jaas(user, password));
        try (Admin admin = Admin.create(settings)) {
            work.with(admin);
        } catch (ExecutionException e) {
            throw new StackException(
                    "The broker refused '" + user + "': " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while users were made", e);
        } catch (Exception e) {
            throw new StackException("Users and rights can't be set: " + e.getMessage(), e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while users were made", e);
        }
    }

    private interface Work {
        void with(Admin admin) throws Exception;
    }
}
