/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import dev.kritik.local.Child;

/** Kafka's own commands, each in a JVM of its own; what they print, read back. */
final class KafkaTools implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A line of a table, by the titles of its columns. */
    record Row(Map<String, String> cells) {

        String group() {
            return cells.get("GROUP");
        }

        String topic() {
            return cells.get("TOPIC");
        }

        int partition() {
            return Integer.parseInt(cells.get("PARTITION"));
        }

        /** A dash is no number. */
        OptionalLong number(String column) {
            assertThat(cells).containsKey(column);
            String cell = cells.get(column);
            return cell.equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(cell));
        }
    }

    private final Child consumers;
    private final Child share;

    /** Starts {@code kafka-consumer-groups} and {@code kafka-share-groups}, both with {@code --describe --all-groups}. */
    KafkaTools(String bootstrap, Path folder) {
        consumers = start("ConsumerGroupCommand", bootstrap, folder);
        share = start("ShareGroupCommand", bootstrap, folder);
    }

    private static Child start(String command, String bootstrap, Path folder) {
        String main = "org.apache.kafka.tools.consumer.group." + command;
        return Child.start(
                command,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")),
                List.of(main, "--bootstrap-server", bootstrap, "--describe", "--all-groups", "--offsets"),
                folder.resolve(command + ".log"),
                folder);
    }

    /** What {@code kafka-consumer-groups} says. */
    List<Row> consumerGroups() {
        return rows(consumers);
    }

    /** What {@code kafka-share-groups} says. */
    List<Row> shareGroups() {
        return rows(share);
    }

    private static List<Row> rows(Child child) {
        assertThat(child.awaitEnd(PATIENCE)).as("it has ended").isTrue();
        assertThat(child.exitCode()).as(child.logTail()).hasValue(0);
        List<Row> rows = new ArrayList<>();
        List<String> titles = List.of();
        try {
            for (String line : Files.readAllLines(child.log())) {
                List<String> words = Arrays.asList(line.strip().split("\\s+"));
                if (words.getFirst().equals("GROUP")) {
                    titles = words;
                } else if (words.size() >= titles.size() && !titles.isEmpty()) {
                    Map<String, String> cells = new HashMap<>();
                    for (int column = 0; column < titles.size(); column++) {
                        cells.put(titles.get(column), words.get(column));
                    }
                    rows.add(new Row(cells));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(rows).as(child.logTail()).isNotEmpty();
        return rows;
    }

    @Override
    public void close() {
        consumers.kill();
        share.kill();
    }
}
