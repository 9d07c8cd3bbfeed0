/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The command lines of the two JVMs, from the options up to the class path; pure. */
final class Jvm {

    static final String REGISTRY_MAIN = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

    private Jvm() {}

    static List<String> broker(Distribution distribution, boolean durable, int brokers, Optional<Security> security) {
        List<String> args = new ArrayList<>();
        args.add(brokers == 1 ? "-Xmx512m" : "-Xmx384m"); // several share the machine, and the work
        args.add("-XX:+UseSerialGC"); // starts fastest, and needs no threads of its own
        if (!durable) {
            args.add("-XX:TieredStopAtLevel=1"); // a test ends before the second compiler pays
        }
        args.add("--enable-native-access=ALL-UNNAMED"); // zstd, lz4, snappy
        args.add("-Dlog4j2.configurationFile=classpath:dev/kritik/local/broker-log4j2.xml");
        security.flatMap(Security::allowedUrl)
                .ifPresent(url -> args.add("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + url));
        args.add("-cp");
        args.add(distribution.own() + File.pathSeparator + distribution.brokerLib() + File.separator + "*");
        return args;
    }

    static List<String> registry(
            Distribution distribution,
            String bootstrapServers,
            int port,
            int healthPort,
            Path data,
            Optional<Security> security) {
        List<String> args = new ArrayList<>(List.of(
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // a few calls a minute: the start is all that counts
                "--enable-native-access=ALL-UNNAMED", // as its manifest says; lost where it isn't started by -jar
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        registrySettings(bootstrapServers, port, healthPort, data)
                .forEach((key, value) -> args.add("-D" + key + "=" + value));
        security.ifPresent(known -> registryClient(known).forEach((key, value) -> args.add("-D" + key + "=" + value)));
        args.add("-cp");
        args.add(distribution.own() + File.pathSeparator + distribution.registryJar());
        return args;
    }

    /** Its Kafka clients read the password themselves: it stands in no command line. */
    private static Map<String, String> registryClient(Security security) {
        Map<String, String> settings = new TreeMap<>();
        security.client(Security.REGISTRY)
                // Quarkus would look for ${...} among its own settings.
                .forEach((key, value) -> settings.put("apicurio.kafka.common." + key, value.replace("${", "\\${")));
        settings.put("apicurio.kafka.common.config.providers", "dir");
        settings.put(
                "apicurio.kafka.common.config.providers.dir.class",
                "org.apache.kafka.common.config.provider.DirectoryConfigProvider");
        return settings;
    }

    private static Map<String, String> registrySettings(String bootstrapServers, int port, int healthPort, Path data) {
        Map<String, String> settings = new TreeMap<>();
        // In memory, the default, would forget all ids at a stop: kept data would be read by the wrong schema.
        settings.put("apicurio.storage.kind", "kafkasql");
        settings.put("apicurio.kafkasql.bootstrap.servers", bootstrapServers);
        // At the start it waits this long three times for records that aren't there; 5 s by default.
        settings.put("apicurio.kafkasql.consumer.poll.timeout", "100");
        // The journal of a few schemas needs no snapshots.
        settings.put("apicurio.kafkasql.snapshot.scheduled.enabled", "false");
        settings.put(
                "apicurio.storage.snapshot.location", data.resolve("registry").toString());
        settings.put("apicurio.import.work-dir", data.resolve("registry").toString());
        // The prefix of its consumer groups, said because rights are given by it.
        settings.put("apicurio.kafkasql.consumer.group-prefix", "apicurio-");
        // Twenty connections to the SQL cache in memory, the default, take their time.
        settings.put("apicurio.datasource.jdbc.initial-size", "1");
        settings.put("apicurio.datasource.jdbc.min-size", "1");
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", Integer.toString(port));
        settings.put("quarkus.management.host", "127.0.0.1");
        settings.put("quarkus.management.port", Integer.toString(healthPort));
        settings.put("quarkus.http.access-log.enabled", "false");
        settings.put("quarkus.log.category.\"org.apache.kafka\".level", "WARN");
        return settings;
    }
}
