/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Each meter of the roles stands in the table of telemetry/README.md, and each of the table in the roles. */
class MetersTableTest {

    private static final Pattern NAME = Pattern.compile("\"(kritik(?:\\.[a-z]+)+)\"");

    /** Not meters: a setting of Kafka Streams, a header, a file. */
    private static final Set<String> OTHERS = Set.of("kritik.rocksdb.memory", "kritik.gateway.member", "kritik.json");

    /** What Prometheus' names have at the end: of counters, and the unit. */
    private static final List<String> ENDINGS = List.of("", "_total", "_seconds", "_bytes");

    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("telemetry", "stream-app", "gpu-worker", "gateway", "monitor")) {
            Path main = Path.of(System.getProperty("kritik.root"), module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(main)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .flatMap(file -> NAME.matcher(text(file)).results())
                        .forEach(match -> names.add(match.group(1)));
            }
        }
        names.removeAll(OTHERS);
        return names;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTableHasEachMeterOnceAndNoOther() throws IOException {
        // Given
        Set<String> left = new TreeSet<>(MetersTable.read().rows().keySet());

        // When, then
        for (String name : names()) {
            List<String> rows = ENDINGS.stream()
                    .map(ending -> name.replace('.', '_') + ending)
                    .filter(left::contains)
                    .toList();
            assertThat(rows).as("rows of %s", name).hasSize(1);
            left.removeAll(rows);
        }
        assertThat(left).as("rows that no role has").isEmpty();
    }
}
