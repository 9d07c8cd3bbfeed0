/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import static dev.kritik.schema.registry.FakeServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsExchange;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Secret;
import dev.kritik.schema.config.Tls;

/** Key stores are made by the JDK's keytool. */
class RegistryTlsTest {

    private static final String PASSWORD = "changeit";
    private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";

    @TempDir
    private static Path folder;

    private static final AtomicReference<String> client = new AtomicReference<>();
    private static final AtomicReference<String> login = new AtomicReference<>();
    private static FakeServer server;

    @BeforeAll
    static void start() throws Exception {
        keyPair("server", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1");
        keyPair("client", "CN=kritik");
        keytool("-exportcert", "-rfc", "-alias", "server", "-keystore", "server.p12", "-file", "server.pem");
        keytool("-exportcert", "-rfc", "-alias", "client", "-keystore", "client.p12", "-file", "client.pem");
        keytool("-importcert", "-noprompt", "-alias", "server", "-keystore", "trust.p12", "-file", "server.pem");
        Tls tls = new Tls(
                Optional.of(folder.resolve("client.pem")),
                Optional.empty(),
                Optional.of(folder.resolve("server.p12")),
                Optional.of(new Secret(PASSWORD)));
        server = new FakeServer(tls.context(), (exchange, closed) -> {
            try {
                client.set(((HttpsExchange) exchange)
                        .getSSLSession()
                        .getPeerPrincipal()
                        .getName());
            } catch (SSLPeerUnverifiedException e) {
                client.set(null);
            }
            login.set(exchange.getRequestHeaders().getFirst("Authorization"));
            json(200, SCHEMA).send(exchange, closed);
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void trustsAServerInItsTrustStore() {
        try (HttpSchemaRegistry registry = registry(Map.of(
                "registry.tls.truststore",
                folder.resolve("trust.p12").toString(),
                "registry.tls.truststore.password.env",
                "STORE_PASSWORD"))) {
            assertThat(registry.schemaById(1).getType()).isEqualTo(Schema.Type.STRING);
            assertThat(client.get()).isNull();
        }
    }

    @Test
    void trustsAServerWhoseCertificateItHasInPem() {
        try (HttpSchemaRegistry registry = registry(
                Map.of("registry.tls.truststore", folder.resolve("server.pem").toString()))) {
            assertThat(registry.schemaById(1).getType()).isEqualTo(Schema.Type.STRING);
        }
    }

    @Test
    void showsItsOwnCertificate() {
        try (HttpSchemaRegistry registry = registry(Map.of(
                "registry.tls.truststore", folder.resolve("server.pem").toString(),
                "registry.tls.keystore", folder.resolve("client.p12").toString(),
                "registry.tls.keystore.password.env", "STORE_PASSWORD"))) {
            registry.schemaById(1);
            assertThat(client.get()).isEqualTo("CN=kritik");
        }
    }

    @Test
    void logsInOverTlsWithThePasswordOfAMountedFile() throws IOException {
        Path mounted = Files.writeString(folder.resolve("mounted"), "of the file\n");
        try (HttpSchemaRegistry registry = registry(
                Map.of(
                        "registry.tls.truststore", folder.resolve("server.pem").toString(),
                        "registry.basic.user", "kritik",
                        "registry.basic.password.env", "REGISTRY_PASSWORD"),
                Map.of("REGISTRY_PASSWORD_FILE", mounted.toString()))) {
            registry.schemaById(1);
            assertThat(login.get())
                    .isEqualTo("Basic "
                            + Base64.getEncoder()
                                    .encodeToString("kritik:of the file".getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void doesNotTalkToAServerThatItDoesNotTrust() {
        try (HttpSchemaRegistry registry = registry(Map.of())) {
            assertThatThrownBy(() -> registry.schemaById(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("SSLHandshakeException");
        }
    }

    @Test
    void namesAStoreThatItCanNotRead() {
        Map<String, String> wrongPassword = Map.of(
                "registry.tls.keystore",
                folder.resolve("client.p12").toString(),
                "registry.tls.keystore.password.env",
                "OTHER_PASSWORD");
        assertThatThrownBy(() -> registry(wrongPassword).close())
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("client.p12")
                .hasMessageNotContaining("wrong-one");
        Map<String, String> absent = Map.of("registry.tls.truststore", "/nowhere/trust.p12");
        assertThatThrownBy(() -> registry(absent).close())
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("/nowhere/trust.p12");
    }

    private static HttpSchemaRegistry registry(Map<String, String> keys) {
        return registry(keys, Map.of("STORE_PASSWORD", PASSWORD, "OTHER_PASSWORD", "wrong-one"));
    }

    private static HttpSchemaRegistry registry(Map<String, String> keys, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("registry.url", server.url());
        all.put("registry.retries", "0");
        return new HttpSchemaRegistry(RegistryConfig.from(all, environment::get));
    }

    private static void keyPair(String alias, String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-alias", alias, "-dname", name, "-keyalg", "EC", "-validity", "2"));
        arguments.addAll(List.of("-keystore", alias + ".p12", "-storetype", "PKCS12"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(String[]::new));
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
