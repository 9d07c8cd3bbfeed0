/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;
import dev.kritik.ops.client.RateLimit;

/**
 * Writes a part of the topics into a folder. The part is settled when the export begins; partitions come one after another,
 * each in the order of its offsets, so that the files depend on the part alone: not on what is written meanwhile, nor on how
 * the brokers cut their answers, nor on interruptions. What stands in memory is bounded.
 *
 * <p>However the process ends, the same request in the same folder goes on from the last place that was on disk.
 */
public final class Exporter {

    /** How many offsets have been passed, of all; those of transactions' marks among them. */
    public interface Watcher {
        void passed(long done, long all);
    }

    /** Opens a reader of a part of a topic. */
    public interface Opener {
        RangeReader<? extends SpecificRecord> open(What what, Bounds bounds);
    }

    /**
     * How much is written at once.
     *
     * @param blockBytes of JSON Lines
     * @param partBytes of records in a Parquet file
     */
    record Sizes(int blockBytes, long partBytes) {}

    private static final Sizes SIZES = new Sizes(JsonLinesSink.BLOCK_BYTES, ParquetSink.PART_BYTES);

    private final ExportRequest request;
    private final Opener opener;
    private final RateLimit limit;
    private final BooleanSupplier stop;
    private final Watcher watcher;
    private final Sizes sizes;

    /**
     * An exporter.
     *
     * @param limit how fast it reads at most
     * @param stop asked now and then; true ends it before its time
     */
    public Exporter(ExportRequest request, Opener opener, RateLimit limit, BooleanSupplier stop, Watcher watcher) {
        this(request, opener, limit, stop, watcher, SIZES);
    }

    Exporter(
            ExportRequest request, Opener opener, RateLimit limit, BooleanSupplier stop, Watcher watcher, Sizes sizes) {
        this.request = request;
        this.opener = opener;
        this.limit = limit;
        this.stop = stop;
        this.watcher = watcher;
        this.sizes = sizes;
    }

    /**
     * Exports, or goes on with an export.
     *
     * @param again the options that name a part of the topics
     * @return the manifest; empty if it was stopped
     * @throws CommandFailed if the folder holds something else, or what is to be read is not there
     */
    public Optional<JsonNode> run(Path path, Function<Map<String, SortedMap<Integer, Span>>, String> again)
            throws IOException {
        try (ExportFolder folder = new ExportFolder(path)) {
            if (folder.manifest().isPresent()) {
                throw new CommandFailed("'" + path + "' holds a finished export (" + ExportFolder.MANIFEST
                        + " says of what): give another folder, or delete this one");
            }
            return new Run(folder, again).all();
        }
    }

    /** One run in one folder. */
    private final class Run {
        private final ExportFolder folder;
        private final Function<Map<String, SortedMap<Integer, Span>>, String> again;
        private final Map<What, RangeReader<? extends SpecificRecord>> readers = new EnumMap<>(What.class);
        private final SortedMap<What, TopicState> topics = new TreeMap<>();
        private long all;
        private long doneBefore;

        Run(ExportFolder folder, Function<Map<String, SortedMap<Integer, Span>>, String> again) {
            this.folder = folder;
            this.again = again;
        }

        Optional<JsonNode> all() throws IOException {
            try {
                open();
                all = topics.values().stream().mapToLong(TopicState::length).sum();
                doneBefore =
                        topics.values().stream().mapToLong(TopicState::passed).sum();
                for (What what : request.what()) {
                    if (!export(what)) {
                        return Optional.empty();
                    }
                }
            } finally {
                readers.values().forEach(RangeReader::close);
            }
            Map<String, SortedMap<Integer, Span>> spans = new LinkedHashMap<>();
            topics.forEach((what, state) -> spans.put(what.name(), state.spans()));
            JsonNode manifest = Manifest.of(request, topics, folder.path(), again.apply(spans));
            folder.finish(manifest);
            return Optional.of(manifest);
        }

        /** Settles what is read, before anything is. */
        private void open() throws IOException {
            Optional<ExportFolder.Progress> found = folder.progress(request);
            found.ifPresent(progress -> topics.putAll(progress.topics()));
            for (What what : request.what()) {
                Bounds asked = request.bounds().get(what);
                TopicState state = topics.get(what);
                if (state == null || !state.done()) {
                    RangeReader<? extends SpecificRecord> reader =
                            opener.open(what, state == null ? asked : state.rest(asked));
                    readers.put(what, reader);
                    topics.computeIfAbsent(what, none -> TopicState.begin(reader.spans()));
                }
            }
            save();
        }

        private void save() throws IOException {
            folder.save(new ExportFolder.Progress(request, topics));
        }

        private boolean export(What what) throws IOException {
            TopicState begin = topics.get(what);
            try (Sink sink = sink(what, begin)) {
                TopicExport export = new TopicExport(request, readers.get(what), begin, new TopicExport.Listener() {
                    @Override
                    public void saved(TopicState state) throws IOException {
                        topics.put(what, state);
                        save();
                    }

                    @Override
                    public boolean read(TopicState state, long records, long bytes) {
                        show(what, state);
                        limit.await(records, bytes, stop);
                        return !stop.getAsBoolean();
                    }
                });
                if (!export.run(sink)) {
                    return false;
                }
                sink.finish();
                return true;
            }
        }

        private void show(What what, TopicState now) {
            long done = topics.entrySet().stream()
                    .mapToLong(entry -> (entry.getKey() == what ? now : entry.getValue()).passed())
                    .sum();
            watcher.passed(done - doneBefore, all - doneBefore);
        }

        private Sink sink(What what, TopicState begin) throws IOException {
            return switch (request.format()) {
                case jsonl ->
                    new JsonLinesSink(folder.path(), what.name(), request.zstd(), sizes.blockBytes(), begin.at());
                case parquet ->
                    new ParquetSink(
                            folder.path(),
                            what.name(),
                            what.schema(),
                            sizes.partBytes(),
                            begin.partition(),
                            begin.at());
            };
        }
    }
}
