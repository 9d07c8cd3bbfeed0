/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import dev.kritik.local.LocalStack;
import dev.kritik.local.OAuth;
import dev.kritik.local.Options;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaLogin;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamApp;

/** A real broker with TLS, passwords, tokens and ACLs; the issuer of the tokens is a server of this test. */
class SecuredBrokerTest {

    private static final String USER = "kritik";
    /** With all that could break out of the quotes of a login module, or be taken for a reference. */
    private static final String PASSWORD = "p\"w\\of $1 kritik;";

    private static final String CLIENT_SECRET = "secret-of-the-clients";
    private static final String WRONG = "not-the-password";

    @TempDir
    private static Path folder;

    private static Issuer issuer;
    private static LocalStack stack;
    private static Map<String, String> config;

    @BeforeAll
    static void start() throws Exception {
        issuer = new Issuer(CLIENT_SECRET, Map.of("service", "kafka", "stranger", "mail"));
        stack = LocalStack.start(Options.temporary().withOAuth(new OAuth(issuer.jwks(), Issuer.NAME, "kafka")));
        stack.addUser(USER, PASSWORD);
        Files.writeString(folder.resolve("client-secret"), CLIENT_SECRET + "\n");
        Files.writeString(folder.resolve("wrong"), WRONG);
        config = with(Map.of(
                "registry.url", stack.registryUrl(),
                "topics.partitions", "1",
                "topics.replication", "1",
                "stream.replication", "1",
                "stream.state.dir", folder.resolve("state").toString(),
                "judge.openai.url", "http://127.0.0.1:9",
                "judge.openai.model", "none"));
        allowEverything(List.of(USER, "service", "CN=by-certificate"));
        Bootstrap.run(config, Bootstrap.Mode.CREATE)
                .forEach(finding -> assertThat(finding.state().good())
                        .as("%s: %s", finding.thing(), finding.detail())
                        .isTrue());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
        issuer.close();
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(stack.clientSettings(USER));
        all.putAll(more);
        return all;
    }

    /** Rights are for another test: here it is about who comes in. */
    private static void allowEverything(List<String> users) throws Exception {
        List<AclBinding> all = new ArrayList<>();
        for (String user : users) {
            for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
                all.add(allow(user, new ResourcePattern(type, "*", PatternType.LITERAL)));
            }
            all.add(allow(user, new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL)));
        }
        try (Admin admin =
                Admin.create(KafkaSettings.from(stack.clientSettings("admin")).client())) {
            admin.createAcls(all).all().get();
        }
    }

    private static AclBinding allow(String user, ResourcePattern what) {
        return new AclBinding(
                what, new AccessControlEntry("User:" + user, "*", AclOperation.ALL, AclPermissionType.ALLOW));
    }

    @Test
    void producerStreamsAndShareConsumerWorkWithAPasswordFromAFileAndItIsWrittenNowhere() throws Exception {
        // Given
        Path groups = Files.writeString(
                folder.resolve("groups.jsonl"),
                "{\"query_id\":\"q1\",\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}],"
                        + "\"responses\":[{\"content\":\"4\"},{\"content\":\"5\"}]}\n");
        Path file = write("kritik.properties", config);
        KafkaSettings kafka = KafkaSettings.from(config);

        try (StreamApp app = new StreamApp(config);
                KafkaShareConsumer<String, byte[]> worker = new KafkaShareConsumer<>(
                        kafka.with(Map.of(
                                "group.id",
                                kafka.topics().prefix() + "kritik-workers",
                                "share.acknowledgement.mode",
                                "explicit")),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            // When
            Cli published =
                    Cli.run("rollouts", "publish", groups.toString(), "--job", "j", "--config", file.toString());
            assertThat(published.code()).as(published.err()).isZero();
            app.start();
            worker.subscribe(List.of(kafka.topics().critiqueRequests()));

            // Then
            await().atMost(Duration.ofSeconds(60)).until(() -> takeOne(worker));
        }
        Cli lag = Cli.run("lag", "--config", file.toString());
        assertThat(lag.code()).as(lag.err()).isZero();
        assertThat(lag.out()).contains("kritik-workers");
        assertThat(filesWith(PASSWORD, folder, stack.data()))
                .containsExactly(stack.data().resolve("secrets").resolve(USER));
    }

    private static boolean takeOne(KafkaShareConsumer<String, byte[]> worker) {
        for (ConsumerRecord<String, byte[]> task : worker.poll(Duration.ofMillis(500))) {
            worker.acknowledge(task, AcknowledgeType.ACCEPT);
            worker.commitSync();
            return true;
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "worker", "gateway", "exporter", "dashboard"})
    void aRoleWithAWrongPasswordEndsWithAPlainMessage(String role) throws IOException {
        // Given
        Map<String, String> wrong = with(Map.of(
                "registry.url", stack.registryUrl(),
                "gateway.http.address", "127.0.0.1:0",
                "dashboard.http.address", "127.0.0.1:0",
                "stream.state.dir", folder.resolve("state-of-none").toString(),
                "judge.openai.url", "http://127.0.0.1:9",
                "judge.openai.model", "none",
                "kafka.sasl.jaas.config", jaas("${dir:" + folder + ":wrong}")));

        // When
        long begin = System.nanoTime();
        Cli run = Cli.run(role, "--config", write(role + ".properties", wrong).toString());

        // Then
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .contains("refuses the login", "kafka.sasl.jaas.config", stack.bootstrapServers())
                .doesNotContain(WRONG);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    private static String jaas(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + USER + "\" password=\""
                + password + "\";";
    }

    @Test
    void saysWhatIsWrongToWhoeverSpeaksNoTlsOrDoesNotTrustTheAuthority() {
        Map<String, String> plain = with(Map.of("kafka.security.protocol", "SASL_PLAINTEXT"));
        plain.remove("kafka.ssl.truststore.type");
        plain.remove("kafka.ssl.truststore.location");
        assertThatThrownBy(() -> KafkaLogin.check(KafkaSettings.from(plain)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("speaks TLS", "kafka.security.protocol", "SASL_SSL");

        plain.put("kafka.security.protocol", "SASL_SSL"); // trusts whom Java trusts
        assertThatThrownBy(() -> KafkaLogin.check(KafkaSettings.from(plain)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("no TLS connection", "kafka.ssl.truststore.location");
    }

    @Test
    void takesTokensForItsAudienceAndNoOthers() throws Exception {
        // Given
        KafkaSettings service = KafkaSettings.from(oauth("service"));
        assertThatCode(() -> KafkaLogin.check(service)).doesNotThrowAnyException();

        // When, Then: its rights are those of the token's subject
        try (Admin admin = Admin.create(service.client())) {
            assertThat(admin.listTopics().names().get())
                    .contains(service.topics().rollouts());
        }
        assertThatThrownBy(() -> KafkaLogin.check(KafkaSettings.from(oauth("stranger"))))
                .isInstanceOf(ConfigError.class)
                .hasMessageContainingAll("refuses the login", "kafka.sasl.oauthbearer")
                .hasMessageNotContaining(CLIENT_SECRET);
    }

    private static Map<String, String> oauth(String client) {
        Map<String, String> keys = with(Map.of(
                "kafka.sasl.mechanism",
                "OAUTHBEARER",
                "kafka.sasl.oauthbearer.token.endpoint.url",
                issuer.tokenEndpoint().toString(),
                "kafka.sasl.oauthbearer.client.credentials.client.id",
                client,
                "kafka.sasl.oauthbearer.client.credentials.client.secret",
                "${dir:" + folder + ":client-secret}"));
        keys.remove("kafka.sasl.jaas.config");
        return keys;
    }

    @Test
    void takesACertificateOfItsAuthorityInsteadOfAPassword() throws Exception {
        // Given: the certificates in the settings themselves, as they come from a Kubernetes secret
        Map<String, String> keys = new HashMap<>(stack.certificateSettings("by-certificate"));
        String inFolder = "${dir:" + stack.authority().getParent() + ":";
        keys.remove("kafka.ssl.keystore.location");
        keys.remove("kafka.ssl.truststore.location");
        keys.put("kafka.ssl.keystore.key", inFolder + "by-certificate.pem}");
        keys.put("kafka.ssl.keystore.certificate.chain", inFolder + "by-certificate.pem}");
        keys.put("kafka.ssl.truststore.certificates", inFolder + "ca.pem}");
        KafkaSettings mutual = KafkaSettings.from(keys);

        // When, Then
        try (Admin admin = Admin.create(mutual.client())) {
            assertThat(admin.listTopics().names().get())
                    .contains(mutual.topics().rollouts());
        }
    }

    private static Path write(String name, Map<String, String> keys) throws IOException {
        Properties properties = new Properties();
        properties.putAll(keys);
        Path file = folder.resolve(name);
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    /** Files with this text, logs among them. */
    private static List<Path> filesWith(String text, Path... roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }
}
