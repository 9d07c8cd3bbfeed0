/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Tls;
import dev.kritik.schema.registry.RegistryConfig.Credentials;

class RegistryConfigTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("A_SECRET", "s3cret", "EMPTY", "");

    @Test
    void hasTheseKeys() {
        assertThat(RegistryConfig.DEF.names())
                .containsExactlyInAnyOrder(
                        "registry.url",
                        "registry.register",
                        "registry.retries",
                        "registry.backoff.ms",
                        "registry.request.timeout.ms",
                        "registry.connect.timeout.ms",
                        "registry.negative.cache.ms",
                        "registry.basic.user",
                        "registry.basic.password.env",
                        "registry.bearer.token.env",
                        "registry.tls.truststore",
                        "registry.tls.truststore.password.env",
                        "registry.tls.keystore",
                        "registry.tls.keystore.password.env");
        assertThat(RegistryConfig.DEF.configKeys().values())
                .extracting((ConfigDef.ConfigKey key) -> key.documentation)
                .allMatch(text -> !text.isBlank());
    }

    @Test
    void hasTheseDefaults() {
        assertThat(read(Map.of()))
                .isEqualTo(new RegistryConfig(
                        List.of(URI.create("http://localhost:8081")),
                        true,
                        3,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        new Credentials.None(),
                        Tls.DEFAULTS));
    }

    @Test
    void readsWhatIsSet() {
        // When
        RegistryConfig config = read(Map.of(
                "registry.url", "https://a:1/path/, http://b",
                "registry.register", "false",
                "registry.retries", "0",
                "registry.backoff.ms", "1",
                "registry.request.timeout.ms", "2",
                "registry.connect.timeout.ms", "3",
                "registry.negative.cache.ms", "0",
                "registry.tls.truststore", "/t.pem",
                "registry.tls.keystore", "/k.p12",
                "registry.tls.keystore.password.env", "A_SECRET"));

        // Then
        assertThat(config.urls()).containsExactly(URI.create("https://a:1/path"), URI.create("http://b"));
        assertThat(config.register()).isFalse();
        assertThat(config.retries()).isZero();
        assertThat(config.backoff()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofMillis(2));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofMillis(3));
        assertThat(config.negativeCache()).isZero();
        assertThat(config.tls().trustStore()).contains(Path.of("/t.pem"));
        assertThat(config.tls().keyStore()).contains(Path.of("/k.p12"));
        assertThat(config.tls().keyStorePassword().orElseThrow().reveal()).isEqualTo("s3cret");
        assertThat(config.tls().trustStorePassword()).isEmpty();
    }

    @Test
    void keepsSecretsOutOfItsText() {
        assertThat(read(Map.of("registry.bearer.token.env", "A_SECRET")).toString())
                .contains("***")
                .doesNotContain("s3cret");
        assertThat(read(Map.of("registry.basic.user", "anna", "registry.basic.password.env", "A_SECRET"))
                        .toString())
                .contains("anna")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "localhost:8081", "ftp://a", "http://", "http://a?x=1", "http://a b", "http://a,,"})
    void refusesWhatIsNoAddress(String url) {
        assertThatThrownBy(() -> read(Map.of("registry.url", url)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("registry.url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://anna:s3cret@host", "http://anna:s3cret@ho st"})
    void refusesAPasswordInAnAddressWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> read(Map.of("registry.url", url)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("registry.url")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.retries, -1",
        "registry.backoff.ms, 0",
        "registry.request.timeout.ms, soon",
        "registry.connect.timeout.ms, 0",
        "registry.negative.cache.ms, -1",
        "registry.register, perhaps",
        "registry.basic.user, anna",
        "registry.basic.password.env, A_SECRET",
        "registry.basic.password.env, NOT_SET",
        "registry.bearer.token.env, EMPTY",
        "registry.tls.keystore.password.env, NOT_SET",
    })
    void namesTheKeyThatIsWrong(String key, String value) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key);
    }

    @Test
    void takesAwayTheWhiteSpaceAroundAToken() {
        // When
        RegistryConfig config = read(Map.of("registry.bearer.token.env", "A_TOKEN"), Map.of("A_TOKEN", " s3cret\r\n"));

        // Then
        assertThat(config.credentials())
                .isInstanceOfSatisfying(
                        Credentials.Bearer.class,
                        bearer -> assertThat(bearer.token().reveal()).isEqualTo("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q9\nxyz", "q9\rxyz", "q9 xyz", "q9\txyz", "q9xyz\u00e9", "q9xyz\u007f", "q9xyz\0", " "})
    void refusesATokenThatFitsInNoHeaderWithoutRepeatingIt(String token) {
        assertThatThrownBy(() -> read(Map.of("registry.bearer.token.env", "A_TOKEN"), Map.of("A_TOKEN", token)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("registry.bearer.token.env")
                .hasMessageContaining("A_TOKEN")
                .hasMessageNotContaining("q9")
                .hasMessageNotContaining("xyz")
                .hasNoCause();
    }

    @Test
    void wantsOneKindOfCredentials() {
        assertThatThrownBy(() -> read(Map.of(
                        "registry.basic.user", "anna",
                        "registry.basic.password.env", "A_SECRET",
                        "registry.bearer.token.env", "A_SECRET")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("registry.bearer.token.env")
                .hasMessageContaining("registry.basic.user");
    }

    @Test
    void needsAnAddress() {
        assertThatThrownBy(() -> RegistryConfig.from(Map.of()))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("registry.url");
    }

    private static RegistryConfig read(Map<String, String> keys) {
        return read(keys, ENVIRONMENT);
    }

    private static RegistryConfig read(Map<String, String> keys, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of("registry.url", "http://localhost:8081"));
        all.putAll(keys);
        return RegistryConfig.from(all, environment::get);
    }
}
