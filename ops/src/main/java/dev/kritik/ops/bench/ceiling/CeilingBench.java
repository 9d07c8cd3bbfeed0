/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.kritik.local.Options;
import dev.kritik.ops.bench.load.Machine;
import dev.kritik.ops.bench.load.Results;
import dev.kritik.ops.bench.report.CeilingText;
import dev.kritik.ops.bench.report.Rows;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.LocalCluster;

/** {@code kritik bench ceiling}: how much the pipeline bears when the judge takes no time. */
@Command(
        name = "ceiling",
        description = {
            "Measure how much the pipeline bears when the judge takes no time: groups, samples and records a second, CPU time and"
                    + " bytes for each sample. All on this machine, in processes of their own: broker, registry, stream"
                    + " application, and whoever answers. In the mode stand-in that is a process that reads requests in batches"
                    + " and answers at once: the ceiling of the stream application. In the modes classic and share it is a worker"
                    + " with a judge that answers at once over HTTP, in the process of this command.",
            "With the stand-in, a bare Kafka Streams application then reads the same records from the same topics, exactly once"
                    + " too, puts each into one RocksDB store with a changelog, and forwards it: what the pipeline could bear at"
                    + " most. Its second pass counts.",
            "Groups that don't count come first, so that all processes are warm. Those that count are written before, in one"
                    + " transaction: they can be read all at once. Time is from the first rollout that the stream application"
                    + " takes in to the last group that it closes."
        },
        footer = {
            "",
            "Examples:",
            "  kritik bench ceiling --out runs/ceiling",
            "  kritik bench ceiling --out runs/open --series open-groups --open-groups 1000,10000,100000,1000000 --limit 1800",
            "  kritik bench ceiling --out runs/k --series k --modes stand-in --rounds 5 --set stream.threads=1"
        })
public final class CeilingBench implements Callable<Integer> {

    private static final Duration GRACE = Duration.ofMinutes(2);

    /** What is varied. */
    enum Series {
        K("k"),
        GROUP_SIZE("group-size"),
        RESPONSE_CHARS("response-chars"),
        OPEN_GROUPS("open-groups");

        private final String word;

        Series(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "A new folder for the results (" + Results.FILE + ").")
    private Path out;

    @Option(
            names = "--series",
            paramLabel = "NAME,...",
            split = ",",
            description =
                    "What is varied: k (in all modes, with the pass-through), group-size, response-chars, open-groups (with the"
                            + " stand-in). Default: all of them.")
    private List<String> seriesNames =
            Stream.of(Series.values()).map(Series::toString).toList();

    @Option(
            names = "--modes",
            paramLabel = "NAME,...",
            split = ",",
            description = "Who answers in the series k: stand-in, classic, share. Default: all of them.")
    private List<String> modeNames = Stream.of(Mode.values()).map(Mode::word).toList();

    @Option(
            names = "--k",
            paramLabel = "K,...",
            split = ",",
            description = "Samples, in the series k. Default: 1,8,32.")
    private List<Integer> ks = List.of(1, 8, 32);

    @Option(
            names = "--group-sizes",
            paramLabel = "N,...",
            split = ",",
            description = "Members of a group, in the series group-size. Default: 1,8,32.")
    private List<Integer> sizes = List.of(1, 8, 32);

    @Option(
            names = "--lengths",
            paramLabel = "N,...",
            split = ",",
            description = "Characters of a response, in the series response-chars. Default: 100,1000,10000.")
    private List<Integer> lengths = List.of(100, 1000, 10_000);

    @Option(
            names = "--open-groups",
            paramLabel = "N,...",
            split = ",",
            description =
                    "Groups that wait for a member meanwhile, in the series open-groups; their responses have 100 characters."
                            + " Default: 1000,10000,100000.")
    private List<Integer> opens = List.of(1000, 10_000, 100_000);

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "60000",
            description =
                    "Records that the stream application reads in each measurement, about; with a worker a quarter of them. Default:"
                            + " ${DEFAULT-VALUE}, a few seconds, of which the start is a good part; 400000 show what it bears for"
                            + " longer.")
    private int records;

    @Option(
            names = "--critique-chars",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Length of the stand-in's critiques. Default: ${DEFAULT-VALUE}.")
    private int critiqueChars;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "Default: ${DEFAULT-VALUE}; every other one goes the other way round.")
    private int rounds;

    @Option(
            names = "--limit",
            paramLabel = "S",
            defaultValue = "300",
            description =
                    "Longest that warm-up and measured groups of one case may take, each, in seconds. Default: ${DEFAULT-VALUE}.")
    private int limit;

    private Set<Series> series;
    private Set<Mode> modes;

    @Override
    public Integer call() throws IOException {
        Map<String, String> settings = checked();
        List<CeilingCase> cases = cases();
        Results results = Results.in(out, common);
        try (Interruption told = new Interruption(GRACE, Thread.currentThread()::interrupt);
                RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(new SeededScores()))) {
            settings.put("judge.openai.url", judge.url().toString());
            settings.put("judge.openai.model", SeededScores.MODEL);
            return results.run(told, () -> measure(settings, cases, results));
        }
    }

    private Map<String, String> checked() throws IOException {
        series = EnumSet.noneOf(Series.class);
        for (String name : seriesNames) {
            series.add(Stream.of(Series.values())
                    .filter(each -> each.toString().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> wrong("--series: there is no '" + name + "', only " + List.of(Series.values()))));
        }
        modes = EnumSet.noneOf(Mode.class);
        for (String name : modeNames) {
            modes.add(Stream.of(Mode.values())
                    .filter(each -> each.word().equals(name))
                    .findFirst()
                    .orElseThrow(() -> wrong("--modes: there is no '" + name + "', only "
                            + Stream.of(Mode.values()).map(Mode::word).toList())));
        }
        if (Stream.of(ks, sizes, opens).flatMap(List::stream).anyMatch(number -> number < 1)) {
            throw wrong("--k, --group-sizes and --open-groups are at least 1");
        }
        if (lengths.stream().anyMatch(length -> length < 16)) {
            throw wrong("--lengths are at least 16: no two responses may be equal");
        }
        if (records < 1 || rounds < 1 || limit < 1 || critiqueChars < 1 || critiqueChars > 500_000) {
            throw wrong(
                    "--records, --rounds, --limit and --critique-chars are at least 1, --critique-chars at most 500000");
        }
        Results.requireNew(spec, out);
        Map<String, String> settings = new TreeMap<>(common.config());
        settings.putIfAbsent("stream.max.k", "1024"); // whatever is asked for
        return settings;
    }

    private ParameterException wrong(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private List<CeilingCase> cases() {
        List<CeilingCase> cases = new ArrayList<>();
        if (series.contains(Series.K)) {
            ks.forEach(k -> modes.forEach(mode -> cases.add(one(Series.K, mode, k, 8, 1000, 0))));
        }
        if (series.contains(Series.GROUP_SIZE)) {
            sizes.forEach(size -> cases.add(one(Series.GROUP_SIZE, Mode.STAND_IN, 8, size, 1000, 0)));
        }
        if (series.contains(Series.RESPONSE_CHARS)) {
            lengths.forEach(length -> cases.add(one(Series.RESPONSE_CHARS, Mode.STAND_IN, 8, 8, length, 0)));
        }
        if (series.contains(Series.OPEN_GROUPS)) {
            opens.forEach(open -> cases.add(one(Series.OPEN_GROUPS, Mode.STAND_IN, 8, 8, 100, open)));
        }
        return cases;
    }

    private CeilingCase one(Series what, Mode mode, int k, int size, int length, int open) {
        int panelSize = 8;
        long perGroup = size + (long) k * ((size + panelSize - 1) / panelSize);
        int wanted = mode == Mode.STAND_IN ? records : records / 4;
        int groups = (int) Math.max(1, wanted / perGroup);
        boolean compare = what == Series.K && mode == Mode.STAND_IN;
        return new CeilingCase(what.toString(), mode, k, size, panelSize, length, open, groups, compare);
    }

    private int measure(Map<String, String> settings, List<CeilingCase> cases, Results results)
            throws InterruptedException, IOException {
        results.say("starting broker and registry");
        try (LocalCluster cluster =
                LocalCluster.start(Options.in(out.resolve("local")).thrownAway(), settings)) {
            Map<String, Object> machine =
                    Machine.describe(Machine.broker(cluster.stack().brokerLog()));
            machine.put("settings", common.config());
            results.add(machine);
            int number = 0;
            for (int round = 1; round <= rounds; round++) {
                for (CeilingCase each : round % 2 == 1 ? cases : cases.reversed()) {
                    results.say("round " + round + " of " + rounds + ", " + each.words());
                    try (Measurement measurement = new Measurement(
                            cluster, "case-" + ++number, each, critiqueChars, Duration.ofSeconds(limit))) {
                        results.add(measurement.measure(round).object());
                    }
                }
            }
        }
        results.print(CeilingText.of(new Rows(results.all())));
        return ExitCode.OK;
    }
}
