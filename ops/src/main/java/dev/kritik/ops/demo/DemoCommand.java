/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

import dev.kritik.local.Options;
import dev.kritik.local.StackException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.JobIds;
import dev.kritik.ops.client.PlainJson;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.ops.eval.EvalReport;
import dev.kritik.ops.eval.EvalRun;
import dev.kritik.ops.eval.EvalScore;
import dev.kritik.ops.eval.Progress;
import dev.kritik.ops.generate.Models;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.local.Nano;
import dev.kritik.ops.local.OwnModels;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.openai.OpenAiJudge;
import dev.kritik.worker.meta.MetaConfig;
import dev.kritik.worker.meta.djl.DjlMetaRm;

/** {@code kritik demo}: the whole way of a rollout, on this machine. */
@Command(
        name = "demo",
        description = {
            "Show the whole way of a rollout on this machine: starts a broker, a schema registry, the stream application and a "
                    + "worker, publishes a few groups, and prints criteria, critiques, scores and rewards. Ends by itself.",
            "The judge is kritik-nano, a small model that comes with Kritik, in the worker's process; it judges micro-tasks, whose "
                    + "best response is known. Where it or PyTorch is not there, and with --recorded, no model runs: critiques come that "
                    + "were written for this demo."
        },
        footer = {
            "",
            "Examples:",
            "  kritik demo",
            "  kritik demo --recorded     # without a model, and without PyTorch",
            "  kritik demo --keep --data /tmp/kritik-demo   # then look around with the other commands",
            "  kritik demo --json | jq -c '[.group_id, .status, .best]'"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--recorded",
            description = "No model: critiques that were written for this demo, from a stand-in for a model server.")
    private boolean recorded;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep topics, schemas and logs in this folder. Default: a temporary one, deleted at the end.")
    private Path data;

    @Option(
            names = "--secured",
            description = "With TLS, a user with a password for each role, and no more rights for each than it needs.")
    private boolean secured;

    @Option(names = "--keep", description = "At the end, leave everything running until Ctrl-C.")
    private boolean keep;

    private long firstRewardMillis;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String jobId = JobIds.unique("demo");
        Map<String, String> config = common.config();
        if (!Nano.isFreeIn(config)) {
            throw new ConfigError(
                    "the demo brings its own judge: leave out worker.judge, judge.djl.model and judge.openai.*;"
                            + " 'kritik local' and 'kritik eval' run with a judge of yours");
        }
        Optional<String> why = withoutModelBecause(Nano.isThere(), Models.canCompute());
        if (!recorded && why.isEmpty()) {
            return run(jobId, model(config, jobId));
        }
        if (!recorded) {
            say(why.get() + "; so no model runs.");
        }
        try (RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(DemoData.critiques()))) {
            return run(jobId, withoutModel(jobId, judge));
        }
    }

    /** Why the demo can't show a model; empty where it can. */
    static Optional<String> withoutModelBecause(boolean nanoIsThere, boolean canCompute) {
        if (!nanoIsThere) {
            return Optional.of(Nano.NOT_HERE);
        }
        return canCompute
                ? Optional.empty()
                : Optional.of(
                        Models.NANO + " is computed with PyTorch, which is not in this build ('./kritik build djl' gets"
                                + " it once, 112 MB; not with KRITIK_PROFILE=plain)");
    }

    private Cast model(Map<String, String> given, String jobId) throws IOException {
        Map<String, String> config = Nano.judging(given, "see it without a model: 'kritik demo --recorded'");
        boolean meta = DjlMetaRm.KIND.equals(config.get(MetaConfig.KIND));
        return new Cast(
                List.of(
                        "Kritik demo. " + Nano.WHAT + ".",
                        "Everything is real: broker, schema registry, stream"
                                + " application, worker, and the model in it."),
                DemoData.microTasks(jobId),
                OwnModels.prepare(config, common.err()),
                DemoData.MODEL_SAMPLES + " critiques of each group are asked for"
                        + (meta ? ", of which the Meta RM keeps half." : "."),
                Models.NANO + (meta ? " and " + config.get("meta.djl.model") : ""));
    }

    private Cast withoutModel(String jobId, RecordedJudge judge) throws IOException {
        Map<String, String> config = new TreeMap<>(common.config());
        config.put(JudgeConfig.KIND, OpenAiJudge.KIND);
        config.put("judge.openai.url", judge.url().toString());
        config.put("judge.openai.model", "recorded-texts");
        config.put(MetaConfig.KIND, MetaConfig.VLLM);
        config.put("meta.vllm.url", judge.url().toString());
        config.put("meta.vllm.model", "recorded-logits");
        return new Cast(
                List.of(
                        "Kritik demo. What judges here: a recorded judge and a recorded Meta RM, with texts written for this"
                                + " demo.",
                        "No model runs. Broker, schema registry, HTTP, stream application and worker are the real ones."),
                DemoData.queries(jobId),
                config,
                DemoData.SAMPLES + " critiques of each group are asked for, of which the Meta RM keeps " + DemoData.KEPT
                        + ".",
                "recorded texts, no model");
    }

    private int run(String jobId, Cast cast) throws InterruptedException {
        cast.intro().forEach(this::say);
        say("");
        say("Starting them (about half a minute) ...");
        try (LocalCluster cluster = start(cast.config())) {
            cluster.startStream();
            cluster.startWorker();
            say("  Kafka            " + cluster.config().get("kafka.bootstrap.servers"));
            say("  schema registry  " + cluster.config().get("registry.url"));
            say("");
            boolean complete = show(cluster.config(), jobId, cast);
            if (keep) {
                say("");
                say("Still running; Ctrl-C ends it. In another terminal:");
                say("  kritik rewards tail --config " + cluster.configFile());
                new CountDownLatch(1).await();
            }
            return complete ? ExitCode.OK : ExitCode.FAILURE;
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private LocalCluster start(Map<String, String> config) {
        Options plain = data == null ? Options.temporary() : Options.in(data);
        return LocalCluster.start(secured ? plain.withSecurity() : plain, config);
    }

    private boolean show(Map<String, String> config, String jobId, Cast cast) {
        List<EvalQuery> queries = cast.queries();
        long responses =
                queries.stream().mapToLong(query -> query.rollouts().size()).sum();
        try (Connection to = new Connection(config);
                TopicReader<GroupReward> rewards =
                        TopicReader.open(to, to.topics().rewards(), GroupReward.class, false);
                TopicReader<Critique> topic = TopicReader.open(to, to.topics().critiques(), Critique.class, false);
                var producer = to.rolloutProducer()) {
            say("Publishing " + responses + " rollouts in " + queries.size() + " groups to topic '"
                    + to.topics().rollouts() + "'; " + cast.asked());
            say("");
            Critiques critiques = new Critiques(topic::poll);
            Function<Duration, List<GroupReward>> printing = atMost -> {
                List<GroupReward> next = rewards.poll(atMost);
                next.forEach(reward -> print(reward, queries, critiques));
                return next;
            };
            EvalRun run = new EvalRun(
                    producer,
                    printing,
                    new EvalRun.Limits(to.topics().rollouts(), queries.size(), TIMEOUT),
                    new Progress(new PrintWriter(new StringWriter()), false));
            EvalReport report = EvalReport.of(queries, run.run(jobId, queries));
            print(report, cast.judgedBy());
            return report.complete();
        }
    }

    private void print(GroupReward reward, List<EvalQuery> queries, Critiques critiques) {
        if (firstRewardMillis == 0) {
            firstRewardMillis = ManagementFactory.getRuntimeMXBean().getUptime();
        }
        if (common.json()) {
            common.out().println(PlainJson.of(reward));
            common.out().flush();
            return;
        }
        queries.stream()
                .filter(query -> query.id().equals(reward.getGroupId()))
                .findFirst()
                .ifPresent(query -> say(Scene.of(query, reward, critiques.shown(reward))));
    }

    private void print(EvalReport report, String judgedBy) {
        EvalScore total = report.total();
        say(total.queries() + " groups ended, " + total.statuses() + "; " + total.samplesUsed() + " critiques, "
                + total.invalidSamples()
                + " without readable scores, which count as no vote rather than as a number.");
        String share = total.accuracy() == null ? "" : String.format(Locale.ROOT, " (%.0f %%)", 100 * total.accuracy());
        say("The rewards agree with the label in " + total.correct() + " of " + total.counted() + " groups" + share
                + ". Judged by: " + judgedBy + ".");
        say(String.format(
                Locale.ROOT,
                "The first reward was there %.1f s after the start of this program.",
                firstRewardMillis / 1e3));
        report.troubles().forEach((trouble, groups) -> say(trouble + ": " + String.join(", ", groups)));
    }

    /** With --json, stdout belongs to the records. */
    private void say(String line) {
        PrintWriter to = common.json() ? common.err() : common.out();
        to.println(line);
        to.flush();
    }
}
