/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.client;

import picocli.CommandLine.Option;

import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryConfig;

/** Short forms of the two keys that say where an installation is. */
public final class ConnectionOptions {

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers: short for --set " + KafkaSettings.BOOTSTRAP_SERVERS + "=...")
    private String bootstrap;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "The schema registry (Confluent's API): short for --set " + RegistryConfig.URL + "=...")
    private String registry;

    /** The configuration with these options over it. */
    public Map<String, String> over(Map<String, String> config) {
        Map<String, String> all = new TreeMap<>(config);
        if (bootstrap != null) {
            all.put(KafkaSettings.BOOTSTRAP_SERVERS, bootstrap);
        }
        if (registry != null) {
            all.put(RegistryConfig.URL, registry);
        }
        return all;
    }
}
