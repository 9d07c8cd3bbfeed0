/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.Callable;

import dev.kritik.ops.bench.load.Machine;
import dev.kritik.ops.bench.load.Results;
import dev.kritik.ops.bench.peers.Contender.MissingException;
import dev.kritik.ops.bench.peers.Contender.Terms;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.Latency;
import dev.kritik.ops.judge.Outcome;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.RecordedVotes;

/** {@code kritik bench peers}: Kritik beside what others use to get rewards from a judge. */
@Command(
        name = "peers",
        description = {
            "Measure Kritik beside what others use to get rewards from a judge: an asyncio client with a semaphore, the reward"
                    + " loop of verl, asynchronous reward functions of TRL, and the remote reward of OpenRLHF, each in its"
                    + " released version. All have the same rollouts judged, one call each, by the same stand-in for a model"
                    + " server, with as many calls at once. They take turns, every other round in reverse order. Each run has"
                    + " a judge of its own and is the only one on the machine; starting is not measured.",
            "The score of each rollout is known here and to the judge alone, so that it can be said of each reward whether it"
                    + " is right, wrong (another score), a default (a number that the judge never gives), said to be missing,"
                    + " or lost (nothing at all, or not by the limit).",
            "The Python that runs them needs their packages: ops/bench/peers/setup.sh makes one. Those whose packages are not"
                    + " there are left out, which is said."
        },
        footer = {
            "",
            "Examples:",
            "  ops/bench/peers/setup.sh /tmp/peers",
            "  kritik bench peers --python /tmp/peers/bin/python --out runs/peers",
            "  kritik bench peers --python /tmp/peers/bin/python --out runs/faults --faults --timeout-s 20 --limit-s 180",
            "  kritik bench peers --python /tmp/peers/bin/python --out runs/shipped --faults --limit-s 700 --rounds 1"
        })
public final class PeersBench implements Callable<Integer> {

    /** Two in a hundred fail, and one in a hundred hangs. */
    static final String FAULTS = "429=0.007,500=0.007,dropped=0.006,hang=0.01";

    /** System property with the folder of the repository; the launcher and the tests set it. */
    private static final String ROOT = "kritik.root";

    private static final String NO_TIMEOUT = "asyncio-no-timeout";

    /** An installation needs up to a minute to be stopped by force. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final int WARM_UP = 512;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "A new folder: for the results (" + Results.FILE + "), and the work and the log of each run.")
    private Path out;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "Interpreter for the contenders in Python. Default: ${DEFAULT-VALUE}.")
    private String python = "python3";

    @Option(
            names = "--scripts",
            paramLabel = "DIR",
            description = "Folder of the contenders in Python. Default: ops/bench/peers of the repository.")
    private Path scripts;

    @Option(
            names = "--contenders",
            paramLabel = "NAME,...",
            split = ",",
            description = "Those that run, in this order. Default: all; with --faults also asyncio-no-timeout.")
    private List<String> names;

    @Option(names = "--rollouts", paramLabel = "N", description = "Rollouts of each run. Default: ${DEFAULT-VALUE}.")
    private int rollouts = 1024;

    @Option(
            names = "--group-size",
            paramLabel = "N",
            description = "Rollouts of a group, which come together. Default: ${DEFAULT-VALUE}.")
    private int groupSize = 8;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "Calls that the judge works on at once; others wait there. Default: ${DEFAULT-VALUE}.")
    private int capacity = 32;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Most calls at once of each contender. Default: the capacity.")
    private int concurrency;

    @Option(
            names = "--latency",
            paramLabel = "DIST",
            description =
                    "Time of the judge for one call in milliseconds: fixed:MS, uniform:FROM,TO or lognormal:P50,P99. Default:"
                            + " ${DEFAULT-VALUE}, a twentieth of 5 and 40 seconds.")
    private String latency = "lognormal:250,2000";

    @Option(
            names = "--faults",
            paramLabel = "RATES",
            arity = "0..1",
            fallbackValue = FAULTS,
            description =
                    "Share of calls that fail, as FAULT=RATE,... with the faults 429, 500, hang, dropped, truncated and"
                            + " unparsable; without RATES ${FALLBACK-VALUE}. Default: none fails.")
    private String faults;

    @Option(
            names = "--load",
            paramLabel = "SHARE",
            description =
                    "Beside the run in which all rollouts are there at once, one in which they come at this share of what"
                            + " the judge can, above 0 to 1, for latencies; 0: none. Default: ${DEFAULT-VALUE}.")
    private double load = 0.6;

    @Option(names = "--rounds", paramLabel = "N", description = "Runs of each kind. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(
            names = "--timeout-s",
            paramLabel = "S",
            description =
                    "Timeout of a call to the judge, for each contender whose user can set one. Default: as each ships.")
    private Double timeout;

    @Option(
            names = "--limit-s",
            paramLabel = "S",
            description = "Seconds that a run may take; what has not come by then is lost. Default: ${DEFAULT-VALUE}.")
    private int limit = 120;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Rollouts that TRL has judged at once, as it knows no other way. Default: ${DEFAULT-VALUE}.")
    private int batch = 128;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all chance. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final List<PeerRun> runs = new ArrayList<>();
    private final SequencedMap<String, String> missing = new LinkedHashMap<>();
    private boolean failed;
    private Results results;
    private Latency time;
    private Faults failing;
    private Terms terms;
    private double ideal;

    @Override
    public Integer call() throws IOException {
        List<Contender> contenders = checked();
        results = Results.in(out, common);
        // The broker runs only while Kritik does, and is named beside it.
        results.add(Machine.describe("see the settings of kritik"));
        try (Interruption told = new Interruption(GRACE, Thread.currentThread()::interrupt)) {
            try {
                measure(contenders);
            } catch (InterruptedException | RuntimeException e) {
                if (e instanceof InterruptedException || told.came()) {
                    results.say("interrupted; the runs until then are in " + results.file());
                    return ExitCode.INTERRUPTED;
                }
                throw (RuntimeException) e;
            }
        }
        return end();
    }

    /** Prints what came of it. */
    private int end() {
        PeersTable table = new PeersTable(runs, ideal, missing);
        results.print(table.markdown());
        missing.forEach((name, why) -> results.say("left out: " + name + ": " + why));
        results.say(missing.size() + " contenders left out; results in " + results.file());
        boolean harm = runs.stream()
                .filter(run -> run.contender().equals(KritikContender.NAME))
                .anyMatch(run -> run.count(Fate.WRONG) + run.count(Fate.DEFAULT) > 0);
        if (harm) {
            results.say("kritik gave a reward that is not the judge's: that is a bug");
        }
        return runs.isEmpty() || harm || failed ? ExitCode.FAILURE : ExitCode.OK;
    }

    private void measure(List<Contender> contenders) throws IOException, InterruptedException {
        warmUp(contenders);
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : round % 2 == 1 ? contenders : contenders.reversed()) {
                for (double share : load == 0 ? List.of(0.0) : List.of(0.0, load)) {
                    if (!missing.containsKey(contender.name())) {
                        measure(round, contender, share);
                    }
                }
            }
        }
    }

    /** The judge is in this process, whose compiler should have seen it before anyone is measured. */
    private void warmUp(List<Contender> contenders) throws IOException, InterruptedException {
        results.say("warming up");
        Work work = Work.of(Math.min(WARM_UP, 4 * rollouts) / groupSize + 1, groupSize, 0, seed);
        for (Contender contender : contenders) {
            try (RecordedJudge judge = judge(work, 0, Latency.NONE, Faults.NONE)) {
                var unused = contender.judge(work, judge, terms, folder("warm-up"));
                return;
            } catch (MissingException e) {
                missing.put(contender.name(), e.getMessage());
            } catch (CommandFailed e) {
                fails(contender, "failed at once", e);
            }
        }
    }

    private void measure(int round, Contender contender, double share) throws IOException, InterruptedException {
        String what = "round " + round + " of " + rounds + ", " + contender.name()
                + (share == 0 ? ", all at once" : String.format(Locale.ROOT, ", at %.0f %%", 100 * share));
        results.say(what);
        double systemLoad = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        double groupsPerSecond = share == 0 ? 0 : share * ideal / groupSize;
        Work work = Work.of(rollouts / groupSize, groupSize, groupsPerSecond, seed + round);
        try (RecordedJudge judge = judge(work, round, time, failing)) {
            Path folder = folder("round-" + round + "-" + contender.name() + (share == 0 ? "" : "-paced"));
            Attempt attempt = contender.judge(work, judge, terms, folder);
            PeerRun run = PeerRun.of(round, contender.name(), share, work, attempt, outcomes(judge));
            runs.add(run);
            add(run, systemLoad);
            results.say(String.format(
                    Locale.ROOT,
                    "%s: %.1f rewards/s; %s in %.1f s",
                    what,
                    run.rewardsPerSecond(),
                    run.fates(),
                    attempt.seconds()));
        } catch (MissingException e) {
            missing.put(contender.name(), e.getMessage());
            results.say("left out: " + contender.name() + ": " + e.getMessage());
        } catch (CommandFailed e) {
            fails(contender, "failed in round " + round, e);
        }
    }

    /** The others can still be measured. */
    private void fails(Contender contender, String when, CommandFailed why) {
        failed = true;
        missing.put(contender.name(), when + ": " + why.getMessage());
        results.say(when + ": " + why.getMessage());
    }

    private RecordedJudge judge(Work work, int round, Latency latency, Faults faults) throws IOException {
        JudgeOptions plain = JudgeOptions.of(new RecordedVotes(work.votes()));
        return RecordedJudge.start(new JudgeOptions(
                plain.recording(),
                plain.host(),
                plain.port(),
                latency,
                faults,
                plain.retryAfter(),
                capacity,
                plain.queueLimit(),
                seed + round));
    }

    private static Map<Outcome, Long> outcomes(RecordedJudge judge) {
        Map<Outcome, Long> some = new EnumMap<>(Outcome.class);
        judge.stats().outcomes().forEach((outcome, count) -> {
            if (count > 0) {
                some.put(outcome, count);
            }
        });
        return some;
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(out.resolve(name));
    }

    private void add(PeerRun run, double systemLoad) {
        Map<String, Object> object = run.object();
        object.put("capacity", capacity);
        object.put("concurrency", terms.concurrency());
        object.put("group_size", groupSize);
        object.put("latency", latency);
        object.put("ideal_per_s", Double.isInfinite(ideal) ? null : ideal);
        object.put("faults", faults == null ? "none" : faults);
        object.put("timeout_s", timeout);
        object.put("limit_s", limit);
        object.put("seed", seed);
        // Whoever else works on the machine spoils figures.
        object.put("system_load_before", systemLoad);
        results.add(object);
    }

    // ---- What is asked for
    // ----------------------------------------------------------------------------------------------------

    private List<Contender> checked() throws IOException {
        if (groupSize < 1 || rollouts < groupSize || rollouts % groupSize != 0) {
            throw wrong("--rollouts is a multiple of --group-size, " + groupSize);
        }
        if (capacity < 1
                || concurrency < 0
                || rounds < 1
                || limit < 1
                || batch < 1
                || (timeout != null && timeout <= 0)) {
            throw wrong("--capacity, --concurrency, --rounds, --limit-s, --batch and --timeout-s are above 0");
        }
        if (!(load >= 0 && load <= 1)) {
            throw wrong("--load is a share from 0 to 1");
        }
        try {
            time = Latency.parse(latency);
            failing = faults == null ? Faults.NONE : Faults.parse(faults);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        ideal = capacity / (time.meanMs() / 1e3);
        if (Double.isInfinite(ideal) && load > 0) {
            throw wrong(
                    "a judge that takes no time has no capacity to come at a share of: give --load 0, or --latency");
        }
        terms = new Terms(
                concurrency == 0 ? capacity : concurrency,
                timeout == null ? OptionalDouble.empty() : OptionalDouble.of(timeout),
                batch,
                Duration.ofSeconds(limit));
        List<Contender> contenders = contenders();
        Results.requireNew(spec, out);
        return contenders;
    }

    private List<Contender> contenders() {
        SequencedMap<String, Contender> all = new LinkedHashMap<>();
        all(all);
        if (names == null) {
            if (faults == null) {
                all.remove(NO_TIMEOUT);
            }
            return List.copyOf(all.values());
        }
        if (names.stream().distinct().count() < names.size()) {
            throw wrong("--contenders names one twice");
        }
        return names.stream()
                .map(name -> {
                    if (!all.containsKey(name)) {
                        throw wrong("--contenders: there is no '" + name + "', but " + String.join(", ", all.keySet()));
                    }
                    return all.get(name);
                })
                .toList();
    }

    private void all(SequencedMap<String, Contender> all) {
        Path folder = scripts != null
                ? scripts
                : Path.of(System.getProperty(ROOT, ""), "ops", "bench", "peers").toAbsolutePath();
        Map<String, String> config = common.config();
        for (Contender contender : List.of(
                script(folder, PeersTable.BASELINE, "asyncio_client.py"),
                script(folder, NO_TIMEOUT, "asyncio_client.py", "--no-timeout"),
                script(folder, "verl-naive", "verl_loop.py", "--manager", "naive"),
                script(folder, "verl-rate-limited", "verl_loop.py", "--manager", "rate_limited"),
                script(folder, "trl", "trl_rewards.py"),
                script(folder, "openrlhf", "openrlhf_remote.py"),
                new KritikContender(config))) {
            all.put(contender.name(), contender);
        }
    }

    private Contender script(Path folder, String name, String file, String... arguments) {
        return new ScriptContender(name, python, folder.resolve(file), List.of(arguments));
    }

    private ParameterException wrong(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
