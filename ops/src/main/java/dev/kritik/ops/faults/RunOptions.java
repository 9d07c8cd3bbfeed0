/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.local.Folders;
import dev.kritik.ops.bench.load.Machine;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Errors;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.faults.FaultKind.Part;
import dev.kritik.ops.faults.Workload.Mix;
import dev.kritik.ops.judge.Latency;
import dev.kritik.schema.config.ConfigError;

/** The options that all commands under {@code kritik faults} share, and where they leave what they made. */
final class RunOptions {

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all chance. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--rate",
            paramLabel = "GROUPS/S",
            description = "Groups published a second. Default: ${DEFAULT-VALUE}.",
            defaultValue = "6")
    private double rate;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            description =
                    "3, or 1 for more work on a small machine, without faults of brokers and of the network. Default: "
                            + "${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int brokers;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for ledger, timeline, logs and report, which must be new or empty. Default: a temporary one, "
                            + "which stays only if something was wrong.")
    private Path out;

    @Option(
            names = "--judge-ms",
            paramLabel = "P50,P99",
            description =
                    "Time of the judge's answers in milliseconds, median and 99th percentile. Default: ${DEFAULT-VALUE}.",
            defaultValue = "300,2500")
    private String judgeMs;

    @Option(
            names = "--previous",
            paramLabel = "DIR",
            description =
                    "An older build, as ops/faults/previous.sh makes it, for the fault 'upgrade': all roles begin as that one.")
    private Path previous;

    @Option(
            names = "--recover-within-s",
            paramLabel = "S",
            description =
                    "Seconds after the last fault within which groups may still end late, if they say so. More where the "
                            + "machine is slow. Default: ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private int recoverWithin;

    private Path folder;

    /** What a run does; makes its folder. */
    Settings settings(
            CommonOptions common, Duration length, long rollouts, List<FaultKind> kinds, Mix mix, boolean soak) {
        if (!(rate > 0 && rate <= 1000)) {
            throw new ConfigError("--rate is " + rate + ": give groups a second, above 0 and up to 1000");
        }
        boolean needsThree = kinds.stream().anyMatch(kind -> kind.takes(Part.BROKERS) || kind.takes(Part.NETWORK));
        if (brokers != Harness.BROKERS && (brokers != 1 || needsThree)) {
            throw new ConfigError("--brokers is " + brokers + ": give 3, or 1 with no fault of brokers or the network"
                    + " among --faults");
        }
        Latency latency;
        try {
            latency = Latency.parse("lognormal:" + judgeMs);
        } catch (IllegalArgumentException e) {
            throw new ConfigError(
                    "--judge-ms is '" + judgeMs + "': give two times in milliseconds, such as 300,2500", e);
        }
        Optional<PreviousBuild> build = Optional.ofNullable(previous).map(PreviousBuild::read);
        folder = folder();
        return new Settings(
                seed,
                length,
                rollouts,
                rate,
                brokers,
                kinds,
                mix,
                latency,
                folder,
                soak,
                Duration.ofSeconds(recoverWithin),
                build,
                common.config());
    }

    /**
     * The kinds that {@code --faults} names.
     *
     * @throws ConfigError if it names what there isn't
     */
    static List<FaultKind> kinds(String faults) {
        try {
            return FaultKind.parse(faults);
        } catch (IllegalArgumentException e) {
            throw new ConfigError("--faults: " + e.getMessage(), e);
        }
    }

    double rate() {
        return rate;
    }

    long seed() {
        return seed;
    }

    private Path folder() {
        try {
            if (out == null) {
                return Files.createTempDirectory("kritik-faults-");
            }
            Files.createDirectories(out);
            try (var inside = Files.list(out)) {
                if (inside.findAny().isPresent()) {
                    throw new ConfigError("--out: '" + out + "' is not empty");
                }
            }
            return out.toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new UncheckedIOException("--out: '" + out + "' can't be made", e);
        }
    }

    /** What is done with an installation. */
    interface Work {
        FaultReport run(Session session) throws InterruptedException, IOException;
    }

    /**
     * Starts an installation, does the work, and reports.
     *
     * @param replay the command that does the same again
     * @return the exit code
     */
    int run(CommonOptions common, Settings settings, Work work, String replay)
            throws InterruptedException, IOException {
        common.expectOutages();
        FaultReport report;
        try (Interruption told = new Interruption();
                Session session = new Session(settings, text -> say(common, text))) {
            report = work.run(session);
            if (told.came()) {
                throw new InterruptedException("told to end");
            }
        } catch (InterruptedException | RuntimeException e) {
            if (out == null && Errors.isInterrupt(e)) {
                Folders.delete(folder);
            } else {
                say(common, "what there was is in " + folder);
            }
            throw e;
        }
        return finish(common, report, replay);
    }

    /** Prints a report and leaves it in the folder; keeps what it takes to find out what went wrong. */
    private int finish(CommonOptions common, FaultReport report, String replay) {
        try {
            Map<String, Object> values = report.json();
            values.put("machine", machine());
            String json = new ObjectMapper().writeValueAsString(values);
            Files.writeString(folder.resolve("report.json"), json + "\n");
            if (common.json()) {
                common.out().println(json);
            } else {
                report.text().forEach(common.out()::println);
            }
        } catch (IOException e) {
            throw new CommandFailed("the report can't be written: " + e.getMessage(), e);
        }
        common.out().flush();
        say(common, "the same again: " + replay + common.again());
        tidy(common, report.clean());
        return report.clean() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private Map<String, Object> machine() {
        Map<String, Object> machine =
                Machine.describe(Machine.broker(folder.resolve("logs").resolve("broker.log")));
        machine.remove("load_before"); // it is after, and of the run itself
        return machine;
    }

    private void tidy(CommonOptions common, boolean clean) {
        if (!clean) {
            say(common, "kept: " + folder + " (ledger.jsonl, timeline.jsonl, report.json; installation: topics, logs)");
        } else if (out == null) {
            Folders.delete(folder);
        } else {
            keepLogsOnly();
            say(common, "ledger, timeline, report and logs are in " + folder);
        }
    }

    /** Topics of a clean run are of no further use, and large. */
    private void keepLogsOnly() {
        Path installation = folder.resolve("installation");
        try {
            Path logs = installation.resolve("logs");
            if (Files.isDirectory(logs)) {
                Files.move(logs, folder.resolve("logs"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Folders.delete(installation);
    }

    static void say(CommonOptions common, String text) {
        common.err().println(text);
        common.err().flush();
    }

    /** The options that make the same run again. */
    String again(Map<String, String> others) {
        StringBuilder text = new StringBuilder("--seed " + seed + " --rate " + rate + " --judge-ms " + judgeMs);
        if (brokers != Harness.BROKERS) {
            text.append(" --brokers ").append(brokers);
        }
        others.forEach(
                (name, value) -> text.append(' ').append(name).append(' ').append(value));
        text.append(" --recover-within-s ").append(recoverWithin);
        if (previous != null) {
            text.append(" --previous ").append(previous);
        }
        return text.toString();
    }
}
