/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of meters in telemetry/README.md, by the name that each has in Prometheus. */
public record MetersTable(Map<String, Row> rows) {

    private static final Pattern ROW =
            Pattern.compile("\\| `(kritik_\\w+)` \\| (\\w+) \\|\\s*([^|]*?)\\s*\\| ([^|]+) \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (kritik_\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /** One meter. */
    public record Row(String type, Set<String> labels) {}

    public static MetersTable read() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        Path readme = Path.of(System.getProperty("kritik.root"), "telemetry", "README.md");
        for (String line : Files.readAllLines(readme)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> labels = Stream.of(row.group(3).split("[`, ]+"))
                        .filter(label -> !label.isEmpty())
                        .collect(Collectors.toSet());
                assertThat(rows.put(row.group(1), new Row(row.group(2), labels)))
                        .as(line)
                        .isNull();
            }
        }
        assertThat(rows).hasSizeGreaterThan(30);
        return new MetersTable(rows);
    }

    /** Fails on a series of ours whose meter the table lacks, or has with another type or other labels. */
    public void assertKnows(String scraped) {
        Map<String, String> types = new HashMap<>();
        List<String> lines = scraped.lines().toList();
        for (String line : lines) {
            Matcher type = TYPE.matcher(line);
            // What Micrometer adds to each timer: the largest of the last minutes.
            if (type.matches() && !rows.containsKey(type.group(1).replaceAll("_max$", ""))) {
                assertThat(rows).as(line).containsKey(type.group(1));
            } else if (type.matches() && rows.containsKey(type.group(1))) {
                types.put(type.group(1), type.group(2));
            }
        }
        assertThat(types).isNotEmpty();
        types.forEach((name, type) -> {
            assertThat(type).as(name).isEqualTo(rows.get(name).type());
            Set<String> labels = lines.stream()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + "_"))
                    .filter(line -> rows.keySet().stream()
                            .noneMatch(other -> other.length() > name.length() && line.startsWith(other)))
                    .flatMap(line -> LABEL.matcher(line).results().map(match -> match.group(1)))
                    .filter(label -> !label.equals("le"))
                    .collect(Collectors.toSet());
            assertThat(rows.get(name).labels()).as(name).containsAll(labels);
        });
    }
}
