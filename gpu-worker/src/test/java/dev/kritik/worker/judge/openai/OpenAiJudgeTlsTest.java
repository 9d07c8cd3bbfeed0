/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.http.FaultyServer;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.Judges;

/** A server with a certificate of its own making. */
@Timeout(60)
class OpenAiJudgeTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    private static FaultyServer server;
    private static Path store;

    @BeforeAll
    static void start() throws Exception {
        store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "judge",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=judge",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = FaultyServer.tls(context)
                .then(FaultyServer.json(200, "{\"choices\":[{\"message\":{\"content\":\"hello\"}}]}"));

        String pem = "# ours\n-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(keys.getCertificate("judge").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        Files.writeString(folder.resolve("ca.pem"), pem);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("judge", keys.getCertificate("judge"));
        try (var out = Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(out, PASSWORD.toCharArray());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Judge open(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of("judge.openai.url", server.url(), "judge.openai.model", "m"));
        keys.putAll(more);
        return Judges.open(JudgeConfig.from(keys), Map.of("PASSWORD", PASSWORD)::get);
    }

    private static Completion ask(Judge judge) throws Exception {
        return judge.generate(new Generation("id", "p", 0, Instant.now().plusSeconds(30)))
                .get();
    }

    @Test
    void doesNotTrustACertificateThatNobodyVouchesFor() {
        try (Judge judge = open(Map.of())) {
            assertThatThrownBy(() -> ask(judge))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(JudgeException.class, failure -> {
                        assertThat(failure.retryable()).isFalse();
                        assertThat(failure.getMessage()).contains("judge.openai.tls.truststore");
                    });
        }
    }

    @Test
    void trustsTheCertificatesOfAPemFile() throws Exception {
        try (Judge judge = open(
                Map.of("judge.openai.tls.truststore", folder.resolve("ca.pem").toString()))) {
            assertThat(ask(judge).text()).isEqualTo("hello");
        }
    }

    @Test
    void trustsTheCertificatesOfAKeyStore() throws Exception {
        try (Judge judge = open(Map.of(
                "judge.openai.tls.truststore",
                folder.resolve("trust.p12").toString(),
                "judge.openai.tls.truststore.password.env",
                "PASSWORD"))) {
            assertThat(ask(judge).text()).isEqualTo("hello");
        }
    }

    @Test
    void namesTheKeyOfATrustStoreThatCannotBeRead() {
        assertThatThrownBy(() -> open(Map.of("judge.openai.tls.truststore", "/no/such/file")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("judge.openai.tls.truststore")
                .hasMessageContaining("/no/such/file");
        assertThatThrownBy(() -> open(Map.of(
                        "judge.openai.tls.truststore.password.env",
                        "UNSET",
                        "judge.openai.tls.truststore",
                        store.toString())))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("UNSET");
    }
}
