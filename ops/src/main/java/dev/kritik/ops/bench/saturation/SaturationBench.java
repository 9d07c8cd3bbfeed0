/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.kritik.local.Options;
import dev.kritik.ops.bench.load.GroupTimes;
import dev.kritik.ops.bench.load.JudgeLog;
import dev.kritik.ops.bench.load.JudgeLog.Work;
import dev.kritik.ops.bench.load.Machine;
import dev.kritik.ops.bench.load.MadeUp;
import dev.kritik.ops.bench.load.Pace;
import dev.kritik.ops.bench.load.PipelineRun;
import dev.kritik.ops.bench.load.Results;
import dev.kritik.ops.bench.report.Rows;
import dev.kritik.ops.bench.report.SaturationText;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.Latency;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.judge.Visit;
import dev.kritik.ops.local.LocalCluster;

/** {@code kritik bench saturation}: how much of a judge Kritik uses, and what it adds to its time. */
@Command(
        name = "saturation",
        description = {
            "Measure how much of a judge Kritik uses, and what it adds to its time. A recorded judge with a bounded number of"
                    + " places in service, whose answers take as long as a model server's (log-normal, scaled down), is driven in"
                    + " turn by a bare load generator, which asks the next request the moment an answer is there, and by a whole"
                    + " installation on this machine, in processes of its own, with enough groups under way that requests always"
                    + " wait at the judge. Both have the same number of connections, the same prompts, and the same time for each"
                    + " request; every other round goes the other way round.",
            "Places in use: place-seconds spent on answers that counted, of all there were. Added latency: at an open-loop rate"
                    + " below the judge's capacity, the time from when a group was due to be sent to the reading of its committed"
                    + " reward, less the longest time that the judge had one of its requests."
        },
        footer = {
            "",
            "Examples:",
            "  kritik bench saturation --out runs/saturation",
            "  kritik bench saturation --out runs/saturation-k1 --capacity 32 --k 1 --group-size 1 --rounds 5",
            "  kritik bench saturation --out runs/commit-10 --set stream.commit.interval.ms=10"
        })
public final class SaturationBench implements Callable<Integer> {

    /** How long the rewards of a round may take after its last group was sent. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration GRACE = Duration.ofMinutes(2);

    /** Samples that a request carries, unless the configuration says otherwise; the default of stream.samples.per.request. */
    private static final String SAMPLES = "stream.samples.per.request";

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
            names = "--capacity",
            paramLabel = "C",
            defaultValue = "64",
            description = "Places in service at the judge. Default: ${DEFAULT-VALUE}.")
    private int capacity;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description =
                    "Requests that both may have at the judge at once; above the capacity some always wait there. Default:"
                            + " a quarter more than --capacity.")
    private int connections;

    @Option(
            names = "--latency",
            paramLabel = "DIST",
            defaultValue = "lognormal:250,2000",
            description =
                    "Time of an answer in milliseconds: fixed:MS, uniform:FROM,TO or lognormal:P50,P99. Default: ${DEFAULT-VALUE},"
                            + " a judge that takes 5 to 40 s, twenty times as fast.")
    private String latencyText;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "8",
            description = "Samples of each response. Default: ${DEFAULT-VALUE}.")
    private int k;

    @Option(
            names = "--group-size",
            paramLabel = "N",
            defaultValue = "8",
            description = "Members of a group. Default: ${DEFAULT-VALUE}.")
    private int groupSize;

    @Option(
            names = "--panel-size",
            paramLabel = "N",
            defaultValue = "8",
            description = "Most responses in one prompt. Default: ${DEFAULT-VALUE}.")
    private int panelSize;

    @Option(
            names = "--response-chars",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Length of a response. Default: ${DEFAULT-VALUE}.")
    private int responseChars;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description =
                    "Requests that the worker has in hand at once (worker.slots). Default: as many as carry four times the"
                            + " samples that fit into --connections: some of a request's samples end long before others.")
    private int slots;

    @Option(
            names = "--load",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description =
                    "Share of the judge's capacity at which added latency is measured; 0 leaves it out. Default: ${DEFAULT-VALUE}.")
    private double load;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "20",
            description = "Seconds that are measured, of each contender and round. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "8",
            description =
                    "Seconds before them that don't count; before the first round a run of that length does not count either. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int warmUp;

    private Latency latency;
    private final JudgeLog log = new JudgeLog();

    @Override
    public Integer call() throws IOException {
        Map<String, String> settings = checked();
        Results results = Results.in(out, common);
        try (Interruption told = new Interruption(GRACE, Thread.currentThread()::interrupt);
                RecordedJudge judge = RecordedJudge.start(
                        JudgeOptions.of(new SeededScores()).latency(latency).bounds(capacity, Integer.MAX_VALUE),
                        log)) {
            return results.run(told, () -> measure(settings, judge, results));
        }
    }

    private Map<String, String> checked() throws IOException {
        if (capacity < 1 || k < 1 || groupSize < 1 || panelSize < 1 || rounds < 1 || seconds < 1 || warmUp < 1) {
            throw wrong(
                    "--capacity, --k, --group-size, --panel-size, --rounds, --seconds and --warm-up are at least 1");
        }
        if (responseChars < 16) {
            throw wrong("--response-chars is at least 16: no two responses may be equal");
        }
        if (!(load >= 0 && load < 1)) {
            throw wrong("--load is at least 0 and below 1: at more than its capacity the judge's queue grows for ever");
        }
        try {
            latency = Latency.parse(latencyText);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--latency: " + e.getMessage(), e);
        }
        if (latency.meanMs() <= 0) {
            throw wrong("--latency is above 0: how much an instant judge bears, 'kritik bench ceiling' measures");
        }
        connections = connections == 0 ? capacity + Math.max(1, capacity / 4) : connections;
        if (connections < capacity) {
            throw wrong("--connections is at least --capacity: with fewer nobody can fill the judge");
        }
        Results.requireNew(spec, out);
        return settings(common.config());
    }

    private ParameterException wrong(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private Map<String, String> settings(Map<String, String> given) {
        int samples = Math.min(k, Integer.parseInt(given.getOrDefault(SAMPLES, "8")));
        if (groupSize > panelSize) {
            samples = 1; // each sample is cut into panels of its own: a request carries one
        }
        slots = slots == 0 ? Math.max(1, (4 * connections + samples - 1) / samples) : slots;
        Map<String, String> settings = new TreeMap<>();
        settings.put("judge.openai.concurrency", Integer.toString(connections));
        settings.put("judge.openai.model", SeededScores.MODEL);
        settings.put("worker.slots", Integer.toString(slots));
        settings.putAll(given);
        return settings;
    }

    private int measure(Map<String, String> settings, RecordedJudge judge, Results results)
            throws InterruptedException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("judge.openai.url", judge.url().toString());
        results.say("starting broker, registry, stream application and worker (" + slots + " slots, " + connections
                + " connections)");
        try (LocalCluster cluster =
                        LocalCluster.start(Options.in(out.resolve("local")).thrownAway(), all);
                PipelineRun run = PipelineRun.open(cluster.config()).withJudgeTimes()) {
            cluster.startStream();
            cluster.startWorker();
            Map<String, Object> machine =
                    Machine.describe(Machine.broker(cluster.stack().brokerLog()));
            machine.put("settings", settings);
            results.add(machine);
            results.say("warming up");
            kritik(0, run);
            ideal(0, judge);
            for (int round = 1; round <= rounds; round++) {
                results.say("round " + round + " of " + rounds);
                if (round % 2 == 1) {
                    results.add(ideal(round, judge).object());
                    results.add(kritik(round, run).object());
                } else {
                    results.add(kritik(round, run).object());
                    results.add(ideal(round, judge).object());
                }
                if (load > 0) {
                    latency(round, run, results);
                }
            }
        }
        results.print(SaturationText.of(new Rows(results.all())));
        return ExitCode.OK;
    }

    private MadeUp workload(String job) {
        return MadeUp.whole(job, Integer.MAX_VALUE, groupSize, responseChars, k, panelSize, "fixed");
    }

    private int callsPerGroup() {
        return Ideal.Calls.perGroup(groupSize, panelSize, k);
    }

    /** A round counts; round 0 is the warm-up. */
    private Duration sending(int round) {
        return Duration.ofSeconds(round == 0 ? warmUp : warmUp + seconds);
    }

    private Throughput ideal(int round, RecordedJudge judge) throws InterruptedException {
        long begin = System.nanoTime();
        // The job of Kritik's round: the time of a request follows from its id.
        new Ideal(judge.url(), connections).run(workload("round-" + round), sending(round));
        Work work = work(log.drain(), Set.of(), begin);
        double rewards = work.callsPerSecond() / callsPerGroup() * groupSize;
        return new Throughput(round, Throughput.IDEAL, capacity, work, rewards, 0);
    }

    /** The work in the time that counts. */
    private Work work(List<Visit> visits, Set<String> notOk, long begin) {
        long from = begin + Duration.ofSeconds(warmUp).toNanos();
        return Work.of(
                visits,
                id -> !notOk.contains(JudgeLog.group(id)),
                from,
                from + Duration.ofSeconds(seconds).toNanos());
    }

    private Throughput kritik(int round, PipelineRun run) throws InterruptedException {
        int underWay = Math.max(2, (6 * connections + callsPerGroup() - 1) / callsPerGroup());
        long begin = System.nanoTime();
        List<GroupTimes> groups =
                run.run(workload("round-" + round), new Pace.Closed(underWay), sending(round), PATIENCE);
        Set<String> notOk = groups.stream()
                .filter(group -> !group.status().equals("OK"))
                .map(group -> group.jobId() + "/" + group.groupId())
                .collect(Collectors.toSet());
        long from = begin + Duration.ofSeconds(warmUp).toNanos();
        long to = from + Duration.ofSeconds(seconds).toNanos();
        long rewards = groups.stream()
                .filter(GroupTimes::ended)
                .filter(group -> group.seenNs() - from >= 0 && to - group.seenNs() > 0)
                .mapToLong(group -> group.rewards().size())
                .sum();
        return new Throughput(
                round,
                Throughput.KRITIK,
                capacity,
                work(log.drain(), notOk, begin),
                (double) rewards / seconds,
                notOk.size());
    }

    private void latency(int round, PipelineRun run, Results results) throws InterruptedException {
        double rate = load * capacity / (latency.meanMs() / 1000) / callsPerGroup();
        List<GroupTimes> groups =
                run.run(workload("open-" + round), new Pace.Open(rate, round), Duration.ofSeconds(seconds), PATIENCE);
        Map<String, Double> judgeMs = JudgeLog.longestMs(log.drain());
        Added measured = Added.of(round, load, rate, groups, judgeMs)
                .orElseThrow(() -> new CommandFailed("not one of " + groups.size() + " groups ended well"));
        results.add(measured.object());
    }
}
