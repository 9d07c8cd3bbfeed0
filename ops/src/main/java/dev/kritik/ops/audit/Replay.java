/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import dev.kritik.local.Folders;
import dev.kritik.ops.audit.invariant.Findings;
import dev.kritik.ops.audit.invariant.Invariant;
import dev.kritik.ops.audit.invariant.Place.Flow;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;
import dev.kritik.ops.client.Rate;
import dev.kritik.ops.client.RateLimit;
import dev.kritik.ops.replay.export.ExportRequest;
import dev.kritik.ops.replay.export.Exporter;
import dev.kritik.ops.replay.export.Format;
import dev.kritik.ops.replay.export.What;
import dev.kritik.schema.Rollout;

/** Exports the same offsets twice, compares the files, and looks whether the topics have grown by it. For one use. */
final class Replay {

    private final Connection connection;
    private final Map<Flow, RangeReader<? extends SpecificRecord>> readers;
    private final BooleanSupplier stop;
    private final boolean live;

    /** @param live whether others write meanwhile, so that nothing can be said of ends */
    Replay(
            Connection connection,
            Map<Flow, RangeReader<? extends SpecificRecord>> readers,
            BooleanSupplier stop,
            boolean live) {
        this.connection = connection;
        this.readers = readers;
        this.stop = stop;
        this.live = live;
    }

    /** Adds what it finds; false if it was stopped. */
    boolean check(Findings findings) throws IOException {
        Path folder = Files.createTempDirectory("kritik-audit-");
        try {
            Path first = folder.resolve("first");
            Path second = folder.resolve("second");
            if (!export(first) || !export(second)) {
                return false;
            }
            compare(first, second, findings);
        } finally {
            Folders.delete(folder);
        }
        if (!live) {
            ends(findings);
        }
        return true;
    }

    private boolean export(Path folder) throws IOException {
        SortedMap<What, Bounds> bounds = new TreeMap<>();
        bounds.put(What.rollouts, bounds(Flow.ROLLOUTS));
        bounds.put(What.critiques, bounds(Flow.CRITIQUES));
        bounds.put(What.rewards, bounds(Flow.REWARDS));
        ExportRequest request = new ExportRequest(
                connection.clusterId(),
                connection.topics().prefix(),
                List.of(What.values()),
                Format.jsonl,
                false,
                List.of(),
                bounds);
        return new Exporter(
                        request,
                        (what, part) -> RangeReader.open(
                                connection, Audit.CLIENT_ID, what.topic(connection.topics()), what.type(), part),
                        new RateLimit(Rate.NONE),
                        stop,
                        (done, all) -> {})
                .run(folder, spans -> "")
                .isPresent();
    }

    private Bounds bounds(Flow flow) {
        Map<Integer, Long> from = new TreeMap<>();
        Map<Integer, Long> to = new TreeMap<>();
        readers.get(flow).spans().forEach((partition, span) -> {
            from.put(partition, span.from());
            to.put(partition, span.to());
        });
        return new Bounds(null, null, from, to);
    }

    private static void compare(Path first, Path second, Findings findings) throws IOException {
        Set<String> names = new TreeSet<>(files(first));
        names.addAll(files(second));
        for (String name : names) {
            Path one = first.resolve(name);
            Path other = second.resolve(name);
            long at = Files.exists(one) && Files.exists(other) ? Files.mismatch(one, other) : 0;
            if (at >= 0) {
                findings.add(
                        Invariant.I8,
                        null,
                        "two exports of the same offsets differ in " + name + " from byte " + at + " on",
                        null);
            }
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }

    private void ends(Findings findings) {
        for (Flow flow : Flow.values()) {
            String topic = connection.topics().prefix() + flow.title();
            try (RangeReader<Rollout> now = RangeReader.open(
                    connection, Audit.CLIENT_ID, topic, Rollout.class, new Bounds(null, null, Map.of(), Map.of()))) {
                for (Map.Entry<Integer, Span> before : readers.get(flow).spans().entrySet()) {
                    long end = now.spans().get(before.getKey()).to();
                    if (end != before.getValue().to()) {
                        findings.add(
                                Invariant.I8,
                                null,
                                topic + "-" + before.getKey() + " ended at "
                                        + before.getValue().to() + " before the replay, and ends at " + end
                                        + " after it (who else writes? --live)",
                                null);
                    }
                }
            }
        }
    }
}
