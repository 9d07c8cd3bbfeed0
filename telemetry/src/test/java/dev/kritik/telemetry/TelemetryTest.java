/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.config.ConfigError;

class TelemetryTest {

    private static final class Patient implements Health {
        private volatile String dead;
        private volatile String idle = "it starts";
        private volatile String unsettled = "it starts";

        @Override
        public Optional<String> dead() {
            return Optional.ofNullable(dead);
        }

        @Override
        public Optional<String> idle() {
            return Optional.ofNullable(idle);
        }

        @Override
        public Optional<String> unsettled() {
            return Optional.ofNullable(unsettled);
        }
    }

    private final Patient patient = new Patient();
    private Telemetry telemetry;

    @AfterEach
    void close() {
        if (telemetry != null) {
            telemetry.close();
        }
    }

    private void serve(Map<String, String> config) {
        telemetry = new Telemetry(TelemetryConfig.from(config, Map.of("TOKEN", "s3cret")::get), "stream");
        telemetry.serve(patient);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        URI uri = telemetry.uri().orElseThrow().resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void healthSaysWhyNothingIsDone() throws Exception {
        // Given
        serve(Map.of());

        // When it starts
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).isEqualTo("it starts\n");

        assertThat(get("/health/settled").statusCode()).isEqualTo(503);

        // When it has nothing to do
        patient.unsettled = null;
        patient.idle = "it owns no partitions";
        assertThat(get("/health/settled").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);

        // When it works
        patient.idle = null;
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("kritik_ready{role=\"stream\"} 1.0");

        // When it is dead
        patient.dead = "its thread has ended";
        assertThat(get("/health/live").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).isEqualTo("its thread has ended\n");
        assertThat(get("/health/settled").body()).isEqualTo("its thread has ended\n");
    }

    @Test
    void figuresNeedTheTokenAndHealthDoesNot() throws Exception {
        // Given
        serve(Map.of(TelemetryConfig.TOKEN_ENV, "TOKEN"));

        // Then
        assertThat(get("/metrics").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "Authorization", "Bearer wrong").statusCode())
                .isEqualTo(401);
        assertThat(get("/metrics", "Authorization", "Bearer s3cret").body()).contains("jvm_memory_used_bytes");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        // Given
        serve(Map.of());

        // Then
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/all").statusCode()).isEqualTo(404);
    }

    @Test
    void listensNowhereWhenItIsOff() {
        // When
        serve(Map.of(TelemetryConfig.ADDRESS, TelemetryConfig.OFF));

        // Then
        assertThat(telemetry.uri()).isEmpty();
    }

    @Test
    void aTakenPortIsNamedWithItsKey() {
        // Given
        serve(Map.of());
        String taken = "127.0.0.1:" + telemetry.uri().orElseThrow().getPort();

        // When
        try (Telemetry second =
                new Telemetry(TelemetryConfig.from(Map.of(TelemetryConfig.ADDRESS, taken), name -> null), "worker")) {
            assertThatThrownBy(() -> second.serve(patient))
                    .isInstanceOf(ConfigError.class)
                    .hasMessageContaining(TelemetryConfig.ADDRESS)
                    .hasMessageContaining(taken);
        }
    }

    @Test
    void aWrongAddressIsRefused() {
        assertThatThrownBy(() -> TelemetryConfig.from(Map.of(TelemetryConfig.ADDRESS, "9464"), name -> null))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(TelemetryConfig.ADDRESS);
    }
}
