/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.monitor.watch.Limits;
import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.ConfigError;

class DashboardConfigTest {

    @Test
    void everyKeyHasThisDefault() {
        // When
        DashboardConfig config = DashboardConfig.from(Map.of(), name -> null);

        // Then
        assertThat(DashboardConfig.DEF.names())
                .containsExactlyInAnyOrder(
                        "dashboard.http.address",
                        "dashboard.http.token.env",
                        "dashboard.http.hosts",
                        "dashboard.clients.max",
                        "dashboard.window.ms",
                        "dashboard.groups.max",
                        "dashboard.dead.letters.max",
                        "dashboard.lag.interval.ms");
        assertThat(config.web().address()).isEqualTo(new Address("127.0.0.1", 8390));
        assertThat(config.web().token()).isEqualTo(Optional.empty());
        assertThat(config.web().hosts()).isEqualTo(List.of());
        assertThat(config.web().clients()).isEqualTo(50);
        assertThat(config.limits()).isEqualTo(new Limits(3_600_000, 5_000, 500));
        assertThat(config.lagInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theTokenComesFromTheEnvironmentAndDoesNotShow() {
        // When
        DashboardConfig config = DashboardConfig.from(
                Map.of(DashboardConfig.TOKEN_ENV, "PASS"), name -> name.equals("PASS") ? "sesame" : null);

        // Then
        assertThat(config.web().token().orElseThrow().reveal()).isEqualTo("sesame");
        assertThat(config.toString()).doesNotContain("sesame");
    }

    @ParameterizedTest
    @CsvSource({
        "dashboard.http.address, 8390",
        "dashboard.http.token.env, NOT_SET",
        "dashboard.window.ms, 10",
        "dashboard.window.ms, 100000000",
        "dashboard.groups.max, 1",
        "dashboard.clients.max, 0",
        "dashboard.lag.interval.ms, 5"
    })
    void whatCanNotBeUsedIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> DashboardConfig.from(Map.of(key, value), name -> null))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key);
    }

    @Test
    void slicesAreFiveSecondsWideInAnHourAndWiderInLongerWindows() {
        assertThat(new Limits(3_600_000, 1, 1).sliceMs()).isEqualTo(5_000);
        assertThat(new Limits(3_600_000, 1, 1).slices()).isEqualTo(720);
        assertThat(new Limits(60_000, 1, 1).slices()).isEqualTo(12);
        assertThat(new Limits(86_400_000, 1, 1).sliceMs()).isEqualTo(120_000);
        assertThat(new Limits(86_400_000, 1, 1).slices()).isEqualTo(720);
    }
}
