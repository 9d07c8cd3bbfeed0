/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.Rate;
import dev.kritik.ops.client.RateLimit;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.ops.eval.Progress;
import dev.kritik.ops.local.JudgeChoice;
import dev.kritik.ops.local.Nano;
import dev.kritik.ops.local.OwnModels;
import dev.kritik.ops.replay.rescore.GroupComparison;
import dev.kritik.ops.replay.rescore.OldGroups;
import dev.kritik.ops.replay.rescore.OldGroupsReader;
import dev.kritik.ops.replay.rescore.Outcome;
import dev.kritik.ops.replay.rescore.RescoreReport;
import dev.kritik.ops.replay.rescore.RescoreSpace;
import dev.kritik.ops.replay.rescore.RescoreText;
import dev.kritik.ops.replay.rescore.Rescoring;
import dev.kritik.ops.replay.rescore.TwinRoles;
import dev.kritik.ops.rollouts.GoalOption;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.ops.topics.Finding;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.stream.core.adaptive.Goal;
import dev.kritik.trainer.replay.GroupKey;

/** {@code kritik replay rescore}: old groups, judged once more. */
@Command(
        name = "rescore",
        description = {
            "Have old groups judged once more, by another judge, with another k, prompt, panel size or Meta RM, and hold the "
                    + "rewards against those of then.",
            "The groups go through topics of their own on the same cluster (rescore.NAME.rollouts, ...), with a stream "
                    + "application and a worker in this process, configured as the installation but for the options here. The "
                    + "installation's own topics are only read.",
            "The same command again goes on with what has no reward yet, and tells the result again when all have. Ctrl-C ends "
                    + "it with a report so far. 'kritik replay drop NAME' deletes what it wrote."
        },
        footer = {
            "",
            "Examples:",
            "  kritik replay rescore half-k --job run-7 --k 4 --config kritik.properties",
            "  kritik replay rescore new-judge --from 2026-11-01T00:00:00Z --judge openai --url http://gpu9:8000/v1 "
                    + "--model my-judge-2 --out compare --config kritik.properties",
            "  kritik replay rescore big --job run-7 --no-worker --config kritik.properties   # workers: 'kritik worker --set "
                    + "topics.prefix=rescore.big.'"
        })
public final class ReplayRescoreCommand implements Callable<Integer> {

    private static final String CLIENT_ID = "kritik-rescore";
    private static final Duration POLL = Duration.ofMillis(500);

    /** After Ctrl-C: a sample in hand may end, and the state is closed. */
    private static final Duration GRACE = Duration.ofSeconds(45);

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private RangeOptions range;

    @Parameters(paramLabel = "NAME", description = "Name of the rescore: part of the names of its topics.")
    private String name;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "Only groups of this job. May be given several times. Default: all jobs.")
    private List<String> jobs = List.of();

    @Mixin
    private JudgeChoice judge;

    @Option(names = "--k", paramLabel = "N", description = "Samples for each response. Default: as each group had it.")
    private Integer k;

    @Option(
            names = "--k-meta",
            paramLabel = "N",
            description = "Samples that the Meta RM keeps; 0 keeps all. Default: as each group had it, at most k.")
    private Integer kMeta;

    @Option(
            names = "--panel-size",
            paramLabel = "N",
            description = "Most responses in one prompt. Default: as each group had it.")
    private Integer panelSize;

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            converter = GoalOption.class,
            completionCandidates = GoalOption.class,
            description = "What rewards are for: ${COMPLETION-CANDIDATES}. Default: as each group had it.")
    private Goal goal;

    @Option(
            names = "--prompt",
            paramLabel = "VERSION",
            description = "Wording of the judge's prompt; short for --set critic.prompt=VERSION.")
    private String prompt;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "Most groups under way at once: bounds what a judge that others use, too, gets from here. Default: "
                            + "${DEFAULT-VALUE}.")
    private int inFlight;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            converter = Rate.Converter.class,
            defaultValue = "20MB/s",
            description =
                    "Most that is read from the installation's topics: 50MB/s, 1000/s (records), or none. Default: "
                            + "${DEFAULT-VALUE}.")
    private Rate rate;

    @Option(
            names = "--no-worker",
            description = "No worker here: others are started with the rescore's topics.prefix and a judge.")
    private boolean noWorker;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write report.json, and report.jsonl with a line for each group, to this folder.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        check();
        Map<String, String> config = connection.over(common.config());
        try (Connection to = new Connection(config);
                Interruption told = new Interruption(GRACE, () -> {})) {
            RescoreSpace space = space(to);
            Map<String, String> judging = judging(config);
            try (OldGroups groups = read(to, told::came)) {
                if (told.came()) {
                    return ExitCode.INTERRUPTED;
                }
                return rescore(space, judging, groups, told::came);
            }
        }
    }

    private void check() {
        range.check(spec.commandLine());
        if ((k != null && k < 1)
                || (kMeta != null && kMeta < 0)
                || (panelSize != null && panelSize < 1)
                || inFlight < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--k, --panel-size and --in-flight are at least 1, --k-meta at least 0");
        }
        if (noWorker && (judge.given() || prompt != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--no-worker leaves judging to others: the judge is named where they are started");
        }
    }

    private RescoreSpace space(Connection to) {
        try {
            return RescoreSpace.of(to.topics(), name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The installation's configuration with the options over it; with the judge that comes with Kritik if none is named. */
    private Map<String, String> judging(Map<String, String> config) {
        if (noWorker) {
            return config;
        }
        Map<String, String> all = new TreeMap<>(judge.over(config));
        if (prompt != null) {
            all.put("critic.prompt", prompt);
        }
        if (!JudgeChoice.named(all)) {
            if (judge.judgeGiven() || !Nano.isFreeIn(all) || !Nano.isThere()) {
                throw new CommandFailed(
                        "no judge: name a model server with --url, or a model with --judge djl and --model");
            }
            all = Nano.judging(all, "name a model server with --url");
            say(Nano.WHAT);
        }
        return OwnModels.prepare(all, common.err());
    }

    private OldGroups read(Connection to, BooleanSupplier stop) throws IOException {
        // Times are those of rollouts; rewards come later.
        Bounds named = range.of(RangeOptions.REWARDS);
        Bounds anyTime = new Bounds(null, null, named.fromOffsets(), named.toOffsets());
        try (var rewards = RangeReader.open(to, CLIENT_ID, to.topics().rewards(), GroupReward.class, anyTime);
                var rollouts =
                        RangeReader.open(to, CLIENT_ID, to.topics().rollouts(), Rollout.class, range.rollouts())) {
            Progress progress = new Progress(common.err(), Ansi.AUTO.enabled(), "offsets");
            OldGroupsReader reader = new OldGroupsReader(new RateLimit(rate), stop, progress);
            OldGroups groups = reader.read(jobs, rewards, rollouts);
            if (reader.unreadable() > 0) {
                say(reader.unreadable() + " records that can't be read were passed over");
            }
            return groups;
        }
    }

    private int rescore(RescoreSpace space, Map<String, String> judging, OldGroups groups, BooleanSupplier told)
            throws IOException {
        if (groups.size() == 0) {
            throw new CommandFailed(
                    "there is no group with a reward in this part of the topics; left out: " + groups.left());
        }
        Map<String, String> own = space.config(judging);
        bootstrap(own);
        Rescoring rescoring = Rescoring.of(k, kMeta, panelSize, goal == null ? null : goal.text(), judging);
        try (Connection to = new Connection(own);
                var rewards = TopicReader.open(to, space.require(to.topics()).rewards(), GroupReward.class, true);
                var producer = to.rolloutProducer()) {
            requireSameSettings(to, rescoring);
            Map<GroupKey, Outcome> now = new HashMap<>();
            Function<Duration, List<GroupReward>> poll = atMost -> taken(rewards.poll(atMost), groups, now);
            while (!rewards.caughtUp()) {
                var unused = poll.apply(POLL);
            }
            Conveyor.Result result = new Conveyor.Result(0, groups.size(), 0, Map.of());
            if (now.size() < groups.size()) {
                result = send(space, judging, groups, rescoring, producer, to, Set.copyOf(now.keySet()), poll, told);
            }
            report(space, rescoring, groups, now, result);
            if (told.getAsBoolean()) {
                say("interrupted; the same command again goes on with what has no reward yet");
                return ExitCode.INTERRUPTED;
            }
            return result.missing() == 0 ? ExitCode.OK : ExitCode.FAILURE;
        }
    }

    private Conveyor.Result send(
            RescoreSpace space,
            Map<String, String> judging,
            OldGroups groups,
            Rescoring rescoring,
            Producer<String, Rollout> producer,
            Connection to,
            Set<GroupKey> answered,
            Function<Duration, List<GroupReward>> poll,
            BooleanSupplier told)
            throws IOException {
        Path home = Path.of(System.getProperty("user.home"), ".kritik", "rescore");
        try (TwinRoles roles = TwinRoles.start(space, judging, home, !noWorker)) {
            Progress progress = new Progress(common.err(), Ansi.AUTO.enabled());
            Conveyor conveyor = new Conveyor(
                    producer,
                    space.require(to.topics()).rollouts(),
                    progress,
                    () -> told.getAsBoolean() || roles.ended());
            Iterator<List<Rollout>> old = groups.iterator();
            Conveyor.Result result = conveyor.run(
                    mapped(old, rescoring), groups.size(), answered, poll, inFlight, Duration.ofDays(10_000));
            if (roles.ended() && !told.getAsBoolean()) {
                say("the stream application or the worker has ended by itself; the log above says why");
            }
            return result;
        }
    }

    private static Iterator<List<Rollout>> mapped(Iterator<List<Rollout>> old, Rescoring rescoring) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return old.hasNext();
            }

            @Override
            public List<Rollout> next() {
                return old.next().stream().map(rescoring::of).toList();
            }
        };
    }

    private static List<GroupReward> taken(List<GroupReward> rewards, OldGroups groups, Map<GroupKey, Outcome> now) {
        for (GroupReward reward : rewards) {
            GroupKey key = OldGroups.key(reward);
            if (groups.holds(key)) {
                now.putIfAbsent(key, Outcome.of(reward));
            }
        }
        return rewards;
    }

    private static void bootstrap(Map<String, String> own) {
        String bad = Bootstrap.run(own, Bootstrap.Mode.CREATE).stream()
                .filter(finding -> !finding.state().good() && finding.state() != Finding.State.DIFFERS)
                .map(finding -> finding.thing() + ": " + finding.detail())
                .collect(Collectors.joining("\n  "));
        if (!bad.isEmpty()) {
            throw new CommandFailed("the rescore's topics can't be made:\n  " + bad);
        }
    }

    /** Rewards of two kinds must not stand under one name. */
    private void requireSameSettings(Connection to, Rescoring rescoring) {
        try (var rollouts = TopicReader.open(to, to.topics().rollouts(), Rollout.class, true)) {
            while (!rollouts.caughtUp()) {
                for (Rollout rollout : rollouts.poll(POLL)) {
                    String found = rollout.getMetadata().get(Rescoring.SETTINGS);
                    if (!rescoring.settings().equals(found)) {
                        throw new CommandFailed("rescore '" + name + "' was begun with other settings (" + found
                                + " instead of " + rescoring.settings() + "): take another name, or delete it with"
                                + " 'kritik replay drop " + name + " --yes'");
                    }
                    return;
                }
            }
        }
    }

    private void report(
            RescoreSpace space,
            Rescoring rescoring,
            OldGroups groups,
            Map<GroupKey, Outcome> now,
            Conveyor.Result result)
            throws IOException {
        List<GroupComparison> comparisons = groups.compare(now);
        ObjectNode report = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("prefix", space.own().prefix())
                .put("settings", rescoring.settings())
                .put("sent", result.sent())
                .put("answered_before", result.before())
                .put("missing", result.missing());
        ObjectNode left = report.putObject("left_out");
        groups.left().forEach(left::put);
        report.setAll(RescoreReport.of(comparisons));
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve("report.json"), report.toPrettyString() + "\n");
            Files.write(
                    out.resolve("report.jsonl"),
                    comparisons.stream()
                            .map(group -> RescoreReport.line(group).toString())
                            .toList());
        }
        if (common.json()) {
            common.out().println(report);
        } else {
            common.out()
                    .printf(
                            "rescore %s: %d of %d groups compared; left out %s%n",
                            name, comparisons.size(), groups.size(), groups.left());
            RescoreText.of(report).forEach(common.out()::println);
            common.out()
                    .println("its topics: " + space.own().prefix() + "*; 'kritik replay drop " + name
                            + " --yes' deletes them");
        }
        common.out().flush();
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }
}
