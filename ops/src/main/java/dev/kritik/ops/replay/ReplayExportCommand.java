/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.Rate;
import dev.kritik.ops.client.RateLimit;
import dev.kritik.ops.eval.Progress;
import dev.kritik.ops.replay.export.ExportRequest;
import dev.kritik.ops.replay.export.Exporter;
import dev.kritik.ops.replay.export.Format;
import dev.kritik.ops.replay.export.What;

/** {@code kritik replay export}: a part of the topics as files. */
@Command(
        name = "export",
        description = {
            "Write rollouts, critiques and rewards of a part of the topics to files: JSON Lines (rollouts.jsonl, ...) or Parquet "
                    + "(rollouts-00000-00000.parquet, ...: partition and part), and a manifest.json that says what was read.",
            "Each line or row has topic, partition, offset and timestamp_ms, and all fields of the record. What is read is settled "
                    + "when the command starts. The same part of the topics gives the same files, byte for byte; the manifest says "
                    + "which options name that part.",
            "Whatever interrupts it, the same command goes on where it stood. The topics are only read."
        },
        footer = {
            "",
            "Examples:",
            "  kritik replay export --job run-7 --out data/run-7 --config kritik.properties",
            "  kritik replay export --what rewards --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z --format parquet "
                    + "--out data/week --config kritik.properties",
            "  kritik replay export --what rollouts,rewards --from-offsets 0:0,rewards:0:0 --to-offsets 0:500,rewards:0:120 --zstd "
                    + "--rate none --out data/part --config kritik.properties"
        })
public final class ReplayExportCommand implements Callable<Integer> {

    /** Brokers can hold the exports of everybody to a quota by this name. */
    private static final String CLIENT_ID = "kritik-export";

    /** After Ctrl-C: what is on disk is on disk; nothing is waited for. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private RangeOptions range;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where the files go: a new folder, or one with an unfinished export of the same.")
    private Path out;

    @Option(
            names = "--what",
            paramLabel = "TOPIC",
            split = ",",
            description = "What to export, separated by commas: ${COMPLETION-CANDIDATES}. Default: all of them.")
    private List<What> what = List.of(What.values());

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "Only records of this job. May be given several times. Default: all jobs.")
    private List<String> jobs = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "jsonl")
    private Format format;

    @Option(
            names = "--zstd",
            description = "Compress JSON Lines: rollouts.jsonl.zst, ... Parquet is always compressed so.")
    private boolean zstd;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            converter = Rate.Converter.class,
            defaultValue = "20MB/s",
            description =
                    "Most that is read from the brokers, as it stands there: 50MB/s, 1000/s (records), or none. Default: "
                            + "${DEFAULT-VALUE}, so that live traffic is not starved.")
    private Rate rate;

    @Override
    public Integer call() throws IOException {
        check();
        try (Connection to = new Connection(connection.over(common.config()));
                Interruption told = new Interruption(GRACE, () -> {})) {
            TreeMap<What, Bounds> bounds = new TreeMap<>();
            what.forEach(one -> bounds.put(one, range.of(one.name())));
            ExportRequest request =
                    new ExportRequest(to.clusterId(), to.topics().prefix(), what, format, zstd, jobs, bounds);
            Progress progress = new Progress(common.err(), Ansi.AUTO.enabled(), "offsets");
            Optional<JsonNode> manifest = new Exporter(
                            request,
                            (one, part) -> RangeReader.open(to, CLIENT_ID, one.topic(to.topics()), one.type(), part),
                            new RateLimit(rate),
                            told::came,
                            progress::show)
                    .run(out, range::again);
            progress.end();
            manifest.ifPresentOrElse(this::print, this::interrupted);
            return manifest.isPresent() ? ExitCode.OK : ExitCode.INTERRUPTED;
        }
    }

    private void check() {
        range.check(spec.commandLine());
        for (String topic : range.topicsWithOffsets()) {
            if (what.stream().noneMatch(one -> one.name().equals(topic))) {
                throw new ParameterException(
                        spec.commandLine(), "offsets of the " + topic + " are named, but --what leaves them out");
            }
        }
        if (zstd && format == Format.parquet) {
            throw new ParameterException(
                    spec.commandLine(), "--zstd is for JSON Lines; Parquet is always compressed so");
        }
    }

    private void interrupted() {
        common.err().println("interrupted; the same command goes on with it");
        common.err().flush();
    }

    private void print(JsonNode manifest) {
        if (common.json()) {
            common.out().println(manifest);
        } else {
            manifest.get("topics")
                    .properties()
                    .forEach(topic -> common.out()
                            .printf(
                                    "%s: %d records, %d unreadable, %d of other times, %d of other jobs%n",
                                    topic.getKey(),
                                    topic.getValue().get("records").asLong(),
                                    topic.getValue().get("unreadable").asLong(),
                                    topic.getValue().get("of_other_times").asLong(),
                                    topic.getValue().get("of_other_jobs").asLong()));
            manifest.get("files")
                    .properties()
                    .forEach(file -> common.out()
                            .printf("%s  %s%n", file.getValue().get("sha256").asText(), out.resolve(file.getKey())));
            common.out().println("the same again: " + manifest.get("again").asText());
        }
        common.out().flush();
    }
}
