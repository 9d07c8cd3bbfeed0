/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.monitor.dashboard.DashboardConfig;
import dev.kritik.schema.config.Address;

class LocalDashboardTest {

    @Test
    void anAddressThatIsNamedStaysAsItIs() {
        // Given
        Map<String, String> named = Map.of(DashboardConfig.ADDRESS, "0.0.0.0:1");

        // Then
        assertThat(LocalDashboard.placed(named, said -> {})).isEqualTo(named);
    }

    @Test
    void whereTheUsualPortIsTakenAnotherOneIsSaid() throws Exception {
        // Given
        List<String> said = new ArrayList<>();
        int usual = LocalDashboard.address(Map.of()).port();
        try (AutoCloseable taken = taken(usual)) {
            // When
            Address placed = LocalDashboard.address(LocalDashboard.placed(Map.of(), said::add));

            // Then
            assertThat(taken).isNotNull();
            assertThat(placed.host()).isEqualTo("127.0.0.1");
            assertThat(placed.port()).isNotEqualTo(usual).isPositive();
            assertThat(said).singleElement().asString().contains(usual + " is taken", Integer.toString(placed.port()));
        }
    }

    /** A socket of ours on the port, or nothing where somebody else has it already. */
    private static AutoCloseable taken(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return () -> {};
        }
    }
}
