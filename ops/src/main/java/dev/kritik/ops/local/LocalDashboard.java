/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.kritik.monitor.dashboard.DashboardConfig;
import dev.kritik.schema.config.Address;

/** Where the dashboard of a local installation listens. */
final class LocalDashboard {

    private LocalDashboard() {}

    /**
     * The configuration with an address that is free: the usual one, or another port where that is taken and nobody asked for
     * it by name.
     */
    static Map<String, String> placed(Map<String, String> config, Consumer<String> say) {
        if (config.containsKey(DashboardConfig.ADDRESS)) {
            return config; // whoever names one gets it, or an error
        }
        Address usual = address(config);
        Map<String, String> all = new TreeMap<>(config);
        int port = free(usual.port());
        if (port != usual.port()) {
            say.accept("port " + usual.port() + " is taken; the dashboard listens at " + port);
        }
        all.put(DashboardConfig.ADDRESS, new Address(usual.host(), port).toString());
        return all;
    }

    /** The address that the configuration names, or the usual one. */
    static Address address(Map<String, String> config) {
        return Address.parse(
                DashboardConfig.ADDRESS,
                config.getOrDefault(
                        DashboardConfig.ADDRESS,
                        DashboardConfig.DEF
                                .defaultValues()
                                .get(DashboardConfig.ADDRESS)
                                .toString()));
    }

    private static int free(int wanted) {
        try {
            return bound(wanted);
        } catch (IOException taken) {
            try {
                return bound(0);
            } catch (IOException e) {
                return wanted; // then the dashboard says what is wrong
            }
        }
    }

    private static int bound(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        }
    }
}
