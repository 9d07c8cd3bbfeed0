/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import kafka.Kafka;
import kafka.tools.StorageTool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Main class of the broker's own process: formats the log folder where that never happened, then runs Kafka. Both in
 * one JVM, because starting a second one for the formatting costs about a second.
 */
final class BrokerMain {

    private BrokerMain() {}

    /**
     * The first argument is the path of the server properties, the second the id of the cluster to which a new log folder
     * belongs. A secured broker has a third: the file with the password of its first user, who is called as the file is.
     */
    public static void main(String[] args) throws IOException {
        Path properties = Path.of(args[0]);
        if (!Files.exists(logDir(properties).resolve("meta.properties"))) {
            List<String> format = new ArrayList<>(List.of("format", "--config", args[0], "--cluster-id", args[1]));
            if (args.length > 2) {
                Path user = Path.of(args[2]);
                format.addAll(List.of(
                        "--add-scram",
                        "SCRAM-SHA-512=[name=" + user.getFileName() + ",password=" + Files.readString(user) + "]"));
            }
            int code = StorageTool.execute(format.toArray(String[]::new), System.out);
            if (code != 0) {
                System.err.println("Formatting the log folder failed with code " + code);
                System.exit(code);
            }
        }
        Kafka.main(new String[] {args[0]});
    }

    private static Path logDir(Path properties) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(properties)) {
            settings.load(in);
        }
        return Path.of(settings.getProperty("log.dirs"));
    }
}
