/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Main class of the broker's own process: formats the log folder where that never happened, then runs Kafka. Both in
 * one JVM, because starting a second one for the formatting costs about a second.
 */
final class BrokerMain {

    private BrokerMain() {}

    /** The only argument is the path of the server properties. */
    public static void main(String[] args) throws IOException {
        Path properties = Path.of(args[0]);
        if (!Files.exists(logDir(properties).resolve("meta.properties"))) {
            String[] format = {
                "format", "--config", args[0], "--cluster-id", Uuid.randomUuid().toString()
            };
            int code = StorageTool.execute(format, System.out);
            if (code != 0) {
                System.err.println("Formatting the log folder failed with code " + code);
                System.exit(code);
            }
        }
        Kafka.main(args);
    }

    private static Path logDir(Path properties) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(properties)) {
            settings.load(in);
        }
        return Path.of(settings.getProperty("log.dirs"));
    }
}
