/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;

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
import dev.kritik.ops.eval.Progress;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.rewards.RewardTable;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.openai.OpenAiJudge;
import dev.kritik.worker.meta.MetaConfig;

/** {@code kritik demo}: the whole way of a rollout, on this machine, without a model. */
@Command(
        name = "demo",
        description = {
            "Show the whole way of a rollout on this machine: starts a broker, a schema registry, the stream application, a "
                    + "worker and a recorded judge, publishes a few groups, and prints their rewards. Ends by itself.",
            "No model runs: the judge answers with critiques that were written for this demo."
        },
        footer = {
            "",
            "Examples:",
            "  kritik demo",
            "  kritik demo --keep --data /tmp/kritik-demo   # then look around with the other commands",
            "  kritik demo --json | jq -c '[.group_id, .status, .best]'"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final int SHOWN_CHARACTERS = 60;

    /** Its second critique is printed whole. */
    private static final String SHOWN_GROUP = "demo-discount";

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep topics, schemas and logs in this folder. Default: a temporary one, deleted at the end.")
    private Path data;

    @Option(names = "--keep", description = "At the end, leave everything running until Ctrl-C.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String jobId = JobIds.unique("demo");
        List<EvalQuery> queries = DemoData.queries(jobId);
        say(
                "Kritik demo. What judges here: a recorded judge and a recorded Meta RM, with texts written for this demo.");
        say("No model runs. Broker, schema registry, HTTP, stream application and worker are the real ones.");
        say("");
        say("Starting them (about half a minute) ...");
        try (RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(DemoData.critiques()));
                LocalCluster cluster = start(config(judge))) {
            cluster.startStream();
            cluster.startWorker();
            say("  Kafka            " + cluster.config().get("kafka.bootstrap.servers"));
            say("  schema registry  " + cluster.config().get("registry.url"));
            say("  recorded judge   " + judge.url());
            say("");
            boolean complete = show(cluster.config(), jobId, queries);
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

    private Map<String, String> config(RecordedJudge judge) {
        Map<String, String> config = new TreeMap<>(common.config());
        config.put(JudgeConfig.KIND, OpenAiJudge.KIND);
        config.put("judge.openai.url", judge.url().toString());
        config.put("judge.openai.model", "recorded-texts");
        config.put(MetaConfig.KIND, MetaConfig.VLLM);
        config.put("meta.vllm.url", judge.url().toString());
        config.put("meta.vllm.model", "recorded-logits");
        return config;
    }

    private LocalCluster start(Map<String, String> config) {
        return data == null ? LocalCluster.temporary(config) : LocalCluster.start(Options.in(data), config);
    }

    private boolean show(Map<String, String> config, String jobId, List<EvalQuery> queries) {
        long responses =
                queries.stream().mapToLong(query -> query.rollouts().size()).sum();
        try (Connection to = new Connection(config);
                TopicReader<GroupReward> rewards =
                        TopicReader.open(to, to.topics().rewards(), GroupReward.class, false);
                TopicReader<Critique> critiques =
                        TopicReader.open(to, to.topics().critiques(), Critique.class, false);
                var producer = to.rolloutProducer()) {
            say("Publishing " + responses + " rollouts in " + queries.size() + " groups to topic '"
                    + to.topics().rollouts() + "'; " + DemoData.SAMPLES
                    + " critiques of each group are asked for, of which the Meta RM keeps " + DemoData.KEPT + ".");
            say("");
            Function<Duration, List<GroupReward>> printing = atMost -> {
                List<GroupReward> next = rewards.poll(atMost);
                next.forEach(reward -> print(reward, queries));
                return next;
            };
            EvalRun run = new EvalRun(
                    producer,
                    printing,
                    new EvalRun.Limits(to.topics().rollouts(), queries.size(), TIMEOUT),
                    new Progress(new PrintWriter(new StringWriter()), false));
            EvalReport report = EvalReport.of(queries, run.run(jobId, queries));
            print(critiques, jobId);
            print(report);
            return report.complete();
        }
    }

    private void print(GroupReward reward, List<EvalQuery> queries) {
        if (common.json()) {
            common.out().println(PlainJson.of(reward));
            common.out().flush();
            return;
        }
        queries.stream()
                .filter(query -> query.id().equals(reward.getGroupId()))
                .findFirst()
                .ifPresent(query -> {
                    var messages = query.rollouts().getFirst().getMessages();
                    say("\"" + messages.getLast().getContent() + "\"");
                    common.out()
                            .print(RewardTable.of(
                                    reward,
                                    index -> start(query.rollouts().get(index).getResponse())));
                    common.out().println();
                    common.out().flush();
                });
    }

    private static String start(String response) {
        String line = response.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN_CHARACTERS
                ? line
                : line.substring(0, SHOWN_CHARACTERS).strip() + " ...";
    }

    private void print(TopicReader<Critique> critiques, String jobId) {
        critiques.poll(Duration.ofSeconds(5)).stream()
                .filter(critique -> critique.getJobId().equals(jobId)
                        && critique.getGroupId().equals(SHOWN_GROUP)
                        && critique.getSample() == 1)
                .findFirst()
                .ifPresent(critique -> {
                    say("One critique as the judge wrote it: sample 1 of " + SHOWN_GROUP
                            + ", responses shown in the order " + critique.getOrder() + ", Meta RM logit "
                            + critique.getMetaLogit() + ".");
                    say("");
                    say(critique.getRawText().lines().map(line -> "  | " + line).collect(Collectors.joining("\n")));
                    say("");
                });
    }

    private void print(EvalReport report) {
        say(report.total().queries() + " groups ended, " + report.total().statuses() + "; "
                + report.total().samplesUsed() + " critiques, " + report.total().invalidSamples()
                + " without readable scores, which count as no vote rather than as a number.");
        say("The rewards point at the response that we hold to be best in "
                + report.total().correct() + " of " + report.total().counted()
                + " groups. Judged by: recorded texts, no model.");
        report.troubles().forEach((trouble, groups) -> say(trouble + ": " + String.join(", ", groups)));
    }

    /** With --json, stdout belongs to the records. */
    private void say(String line) {
        PrintWriter to = common.json() ? common.err() : common.out();
        to.println(line);
        to.flush();
    }
}
