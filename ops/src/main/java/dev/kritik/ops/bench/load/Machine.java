/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import org.apache.kafka.common.utils.AppInfoParser;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import dev.kritik.ops.cli.Version;

/** What a bench ran on, as a line of its results. */
public final class Machine {

    private static final long GIB = 1L << 30;

    private static final String BROKER_VERSION = "Kafka version: ";

    private Machine() {}

    /**
     * The machine now.
     *
     * @param broker what the broker says of its version
     */
    public static Map<String, Object> describe(String broker) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bench", "machine");
        values.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        values.put("cpu", cpu(Path.of("/proc/cpuinfo")));
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("memory_gib", Math.round(memory() / (double) GIB));
        values.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        values.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        values.put("kafka_clients", AppInfoParser.getVersion());
        values.put("kafka_broker", broker);
        values.put("kritik", version());
        // Whoever else works on the machine spoils figures: say so beside them.
        values.put("load_before", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return values;
    }

    static String cpu(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // not Linux
        }
    }

    /** The version that a broker has written to its log. */
    public static String broker(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(BROKER_VERSION))
                    .map(line -> line.substring(line.indexOf(BROKER_VERSION) + BROKER_VERSION.length()))
                    .map(rest -> rest.split("[ (]", 2)[0])
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 0;
    }

    private static String version() {
        try {
            return new Version().getVersion()[0];
        } catch (IOException e) {
            return "unknown";
        }
    }
}
