/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import static dev.kritik.schema.registry.FakeServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.FakeServer.Request;

/** What the client says, and what it makes of answers that are as they should be. */
class HttpSchemaRegistryTest {

    private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\",\"schemaType\":\"AVRO\",\"new_field\":[1,{}]}";
    private static final String NOT_FOUND = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
    private static final Schema STRING = Schema.create(Schema.Type.STRING);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : opened) {
            it.close();
        }
    }

    @Test
    void registersASchemaOnceAndRemembersItsId() {
        // Given
        FakeServer server = server(json(200, "{\"id\":17,\"version\":1,\"more\":true}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // When
        int first = registry.register("team a/rollouts-value", Rollout.getClassSchema());
        int second = registry.register("team a/rollouts-value", Rollout.getClassSchema());

        // Then
        assertThat(first).isEqualTo(17).isEqualTo(second);
        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/subjects/team%20a%2Frollouts-value/versions");
            assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/vnd.schemaregistry.v1+json");
            assertThat(request.body()).contains("\\\"name\\\":\\\"Rollout\\\"").doesNotContain("avro.java");
        });
    }

    @Test
    void onlyLooksUpWhenItMayNotRegister() {
        // Given
        FakeServer server = server(json(200, "{\"subject\":\"s\",\"id\":4,\"version\":2,\"schema\":\"\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of("registry.register", "false"));

        // Then
        assertThat(registry.register("s", STRING)).isEqualTo(4);
        assertThat(server.requests()).extracting(Request::path).containsExactly("/subjects/s");
    }

    @Test
    void saysWhatToDoWhenASchemaIsNotRegisteredAndItMayNotRegister() {
        // Given
        FakeServer server = server(json(404, "{\"error_code\":40401,\"message\":\"Subject 's' not found.\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of("registry.register", "false"));

        // Then
        assertThatThrownBy(() -> registry.register("s", STRING))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("'s'")
                .hasMessageContaining("registry.register");
        assertThat(registry.find("s", STRING)).isEmpty();
    }

    @Test
    void tellsWhetherASubjectHoldsAnything() {
        // Given
        FakeServer server = server(
                json(200, "[1,4]"),
                json(200, "[]"),
                json(404, "{\"error_code\":40401,\"message\":\"Subject 's' not found.\"}"),
                json(404, "{}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then: and a 404 from elsewhere is no answer
        assertThat(registry.hasVersions("s")).isTrue();
        assertThat(registry.hasVersions("s")).isFalse();
        assertThat(registry.hasVersions("s")).isFalse();
        assertThatThrownBy(() -> registry.hasVersions("s")).isInstanceOf(RegistryUnavailableException.class);
        assertThat(server.requests())
                .extracting(request -> request.method() + " " + request.path())
                .containsOnly("GET /subjects/s/versions");
    }

    @Test
    void tellsWhyARegistryRefusesASchema() {
        // Given
        FakeServer server = server(
                json(409, "{\"error_code\":409,\"message\":\"Schema being registered is incompatible\"}"),
                json(422, "{\"error_code\":42201,\"message\":\"Invalid Avro schema\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThatThrownBy(() -> registry.register("a", STRING))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("being registered is incompatible");
        assertThatThrownBy(() -> registry.register("b", STRING))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("Invalid Avro schema");
    }

    @Test
    void fetchesASchemaOnce() {
        // Given
        FakeServer server = server(json(200, SCHEMA));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThat(registry.schemaById(3)).isEqualTo(STRING);
        assertThat(registry.schemaById(3)).isSameAs(registry.schemaById(3));
        assertThat(server.requests()).extracting(Request::path).containsExactly("/schemas/ids/3");
    }

    @Test
    void asksOnceWhenManyThreadsMissTheSameSchema() throws Exception {
        // Given
        FakeServer server = server(json(200, SCHEMA));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // When
        List<Callable<Schema>> calls = Collections.nCopies(64, () -> registry.schemaById(3));
        List<Schema> schemas = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Schema> future : threads.invokeAll(calls)) {
                schemas.add(future.get());
            }
        }

        // Then
        assertThat(schemas).hasSize(64).containsOnly(STRING);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void believesForAWhileThatASchemaIsUnknown() {
        // Given
        FakeServer server = server(json(404, NOT_FOUND), json(200, SCHEMA));
        HttpSchemaRegistry registry = registry(server, Map.of("registry.negative.cache.ms", "1000"));

        // When
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> registry.schemaById(9))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageContaining("9")
                    .hasMessageContaining("Schema not found");
        }
        assertThat(server.requests()).hasSize(1);
        nanos.addAndGet(1_000_000_000L);

        // Then
        assertThat(registry.schemaById(9)).isEqualTo(STRING);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void doesNotAskForIdsThatNoRegistryGives() {
        // Given
        FakeServer server = server(json(500, "{}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThatThrownBy(() -> registry.schemaById(0)).isInstanceOf(UnknownSchemaException.class);
        assertThatThrownBy(() -> registry.schemaById(Integer.MIN_VALUE)).isInstanceOf(UnknownSchemaException.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void callsASchemaUnknownThatIsNotAvro() {
        // Given
        FakeServer server = server(
                json(200, "{\"schema\":\"{}\",\"schemaType\":\"JSON\"}"),
                json(200, "{\"schema\":\"{\\\"type\\\":\\\"nonsense\\\"}\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThatThrownBy(() -> registry.schemaById(1))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("JSON");
        assertThatThrownBy(() -> registry.schemaById(2))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("as Avro");
    }

    @Test
    void resolvesTypesThatASchemaOnlyNames() {
        // Given
        String inner = "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"x.I\\\",\\\"fields\\\":[]}";
        String outer = "{\\\"type\\\":\\\"array\\\",\\\"items\\\":\\\"x.I\\\"}";
        FakeServer server = server(
                json(
                        200,
                        "{\"schema\":\"" + outer
                                + "\",\"references\":[{\"name\":\"x.I\",\"subject\":\"i/x\",\"version\":3}]}"),
                json(200, "{\"subject\":\"i/x\",\"version\":3,\"id\":8,\"schema\":\"" + inner + "\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThat(registry.schemaById(9).getElementType().getFullName()).isEqualTo("x.I");
        assertThat(server.requests())
                .extracting(Request::path)
                .containsExactly("/schemas/ids/9", "/subjects/i%2Fx/versions/3");
    }

    @Test
    void sendsUserAndPassword() {
        // Given
        FakeServer server = server(json(200, SCHEMA));
        HttpSchemaRegistry registry = registry(
                server, Map.of("registry.basic.user", "anna", "registry.basic.password.env", "REGISTRY_SECRET"));

        // When
        registry.schemaById(1);

        // Then
        String expected = "Basic " + Base64.getEncoder().encodeToString("anna:s3cret".getBytes(StandardCharsets.UTF_8));
        assertThat(server.requests().getFirst().headers().getFirst("Authorization"))
                .isEqualTo(expected);
    }

    @Test
    void sendsAToken() {
        // Given
        FakeServer server = server(json(200, SCHEMA));
        HttpSchemaRegistry registry = registry(server, Map.of("registry.bearer.token.env", "REGISTRY_SECRET"));

        // When
        registry.schemaById(1);

        // Then
        assertThat(server.requests().getFirst().headers().getFirst("Authorization"))
                .isEqualTo("Bearer s3cret");
    }

    @Test
    void setsAndReadsTheCompatibilityOfASubject() {
        // Given
        FakeServer server = server(
                json(200, "{\"compatibility\":\"FULL_TRANSITIVE\"}"),
                json(200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}"),
                json(404, "{\"error_code\":40408,\"message\":\"Subject does not have a level\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // When
        registry.setCompatibility("rewards-value", Compatibility.FULL_TRANSITIVE);

        // Then
        assertThat(registry.compatibility("rewards-value")).contains(Compatibility.FULL_TRANSITIVE);
        assertThat(registry.compatibility("other-value")).isEmpty();
        assertThat(server.requests().getFirst()).satisfies(request -> {
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.path()).isEqualTo("/config/rewards-value");
            assertThat(request.body()).isEqualTo("{\"compatibility\":\"FULL_TRANSITIVE\"}");
        });
    }

    @Test
    void tellsWhetherASchemaWouldBeTaken() {
        // Given
        FakeServer server = server(
                json(200, "{\"is_compatible\":true}"),
                json(200, "{\"is_compatible\":false,\"messages\":[\"field b has no default\"]}"),
                json(200, "{\"is_compatible\":false}"),
                json(404, "{\"error_code\":40401,\"message\":\"Subject not found\"}"));
        HttpSchemaRegistry registry = registry(server, Map.of());

        // Then
        assertThat(registry.incompatibilities("s", STRING)).isEmpty();
        assertThat(registry.incompatibilities("s", STRING)).containsExactly("field b has no default");
        assertThat(registry.incompatibilities("s", STRING)).hasSize(1);
        assertThat(registry.incompatibilities("new", STRING)).isEmpty();
    }

    private FakeServer server(FakeServer.Reply... script) {
        FakeServer server = new FakeServer(script);
        opened.add(server);
        return server;
    }

    private HttpSchemaRegistry registry(FakeServer server, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(more);
        keys.put("registry.url", server.url());
        HttpSchemaRegistry registry =
                new HttpSchemaRegistry(RegistryConfig.from(keys, Map.of("REGISTRY_SECRET", "s3cret")::get), nanos::get);
        opened.addFirst(registry);
        return registry;
    }
}
