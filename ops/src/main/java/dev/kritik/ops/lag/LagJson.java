/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.lag;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.kritik.monitor.lag.LagReport;
import dev.kritik.monitor.lag.PartitionLag;

/** Lag for programs: JSON Lines. A field that is not known is null. */
final class LagJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private LagJson() {}

    /** A line for each partition of each group, then one for each problem, with no other field than {@code problem}. */
    static List<String> of(LagReport report) {
        return Stream.concat(
                        report.lags().stream().map(lag -> of(report, lag)),
                        report.problems().stream()
                                .map(problem -> JSON.createObjectNode().put("problem", problem)))
                .map(ObjectNode::toString)
                .toList();
    }

    private static ObjectNode of(LagReport report, PartitionLag lag) {
        ObjectNode line = JSON.createObjectNode();
        line.put("at_ms", report.at().toEpochMilli());
        line.put("group", lag.group());
        line.put("kind", lag.kind().name().toLowerCase(Locale.ROOT));
        line.put("topic", lag.topic());
        line.put("partition", lag.partition());
        line.put("position", lag.position().isPresent() ? lag.position().getAsLong() : null);
        line.put("end", lag.end());
        line.put("records", lag.records().isPresent() ? lag.records().getAsLong() : null);
        line.put("seconds", lag.seconds().isPresent() ? lag.seconds().getAsDouble() : null);
        return line;
    }
}
