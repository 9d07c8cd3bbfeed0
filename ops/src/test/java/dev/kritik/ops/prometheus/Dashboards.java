/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Grafana dashboards of ops/grafana. */
final class Dashboards {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A query of a panel. */
    record Query(String dashboard, String panel, String expression) {}

    private Dashboards() {}

    static List<JsonNode> read() throws IOException {
        List<JsonNode> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("kritik.root"), "ops", "grafana"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                dashboards.add(JSON.readTree(file.toFile()));
            }
        }
        return dashboards;
    }

    /** Every {@code expr} that stands anywhere in a dashboard, with Grafana's interval filled in. */
    static List<Query> queries(String interval) throws IOException {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : read()) {
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode expression : panel.findValues("expr")) {
                    queries.add(new Query(
                            dashboard.path("uid").asText(),
                            panel.path("title").asText(),
                            expression.asText().replace("$__rate_interval", interval)));
                }
            }
        }
        return queries;
    }
}
