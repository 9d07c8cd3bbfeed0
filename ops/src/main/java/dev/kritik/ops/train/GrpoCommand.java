/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import dev.kritik.local.StackException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.generate.Models;
import dev.kritik.ops.local.OwnInstallation;
import dev.kritik.trainer.grpo.Grpo;
import dev.kritik.trainer.grpo.KafkaExchange;
import dev.kritik.trainer.nano.NanoFiles;
import dev.kritik.trainer.run.TrainJob;

/** {@code kritik train grpo}. */
@Command(
        name = "grpo",
        description = {
            "Train a policy by GRPO from the topics of an installation: it writes groups of responses to 'rollouts', and learns"
                    + " from what stands on 'rewards'. Writing, judging and learning overlap, within a bound on staleness. Killed at"
                    + " any moment, it goes on with each group exactly once.",
            "A query is a line {\"messages\":[{\"role\",\"content\"}, ...]} or {\"prompt\":\"...\"}. --eval takes queries with"
                    + " \"answers\":[\"...\", ...], all texts that are right: neither the judge nor a step of training sees them."
                    + " They tell whether the policy gets better, or only pleases the judge.",
            "Without --model and --data it trains " + Models.NANO_POLICY
                    + ", a small policy that comes with Kritik, on micro-tasks."
        },
        footer = {
            "",
            "Examples:",
            "  kritik train grpo --local --out runs/policy",
            "  kritik train grpo --config ~/.kritik/local/kritik.properties --out runs/policy --metrics 9464",
            "  kritik train grpo --model models/policy --data queries.jsonl --eval held-out.jsonl --out runs/policy"
                    + " --bootstrap kafka:9092 --registry http://registry:8081 --set grpo.staleness.max=2"
        })
public final class GrpoCommand implements Callable<Integer> {

    /** What rewards come from. */
    enum Rewards {
        JUDGE,
        GOLD
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private MetricsOptions metrics;

    @Option(
            names = "--model",
            paramLabel = "DIR|ORG/NAME",
            description =
                    "The policy to begin with: a folder with a Hugging Face checkpoint, or org/name or org/name@revision on a"
                            + " model hub. Default: " + Models.NANO_POLICY + ".")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Queries to learn from: JSON Lines. Default: micro-tasks, made in --out.")
    private List<Path> data = List.of();

    @Option(
            names = "--eval",
            paramLabel = "FILE",
            description =
                    "Queries with answers, to evaluate on while it runs: JSON Lines. Default: for micro-tasks others of"
                            + " their kind, else none.")
    private Path eval;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder of the run: a new one, or that of a run with the same data and configuration, which goes on.")
    private Path out;

    @Option(names = "--resume", description = "Fail unless there is a run in --out that can go on.")
    private boolean resume;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Short for --set train.device=...")
    private String device;

    @Option(
            names = "--local",
            description =
                    "Start an installation on this machine for the run, with its data in --out, and end it with the run. "
                            + Models.NANO
                            + " judges unless the configuration names another judge. A process of it that dies is started"
                            + " again.")
    private boolean local;

    @Option(
            names = "--rewards",
            paramLabel = "judge|gold",
            description =
                    "judge: from the topic of rewards. gold: from the answers in --data, without any judge and without"
                            + " Kafka, to see what a judge's rewards are worth. Default: ${DEFAULT-VALUE}.")
    private Rewards rewards = Rewards.JUDGE;

    @Override
    public Integer call() throws IOException {
        if (local && rewards == Rewards.GOLD) {
            throw new ParameterException(spec.commandLine(), "--rewards gold needs no installation: leave --local out");
        }
        Map<String, String> config = configured();
        MicroTaskFiles tasks = new MicroTaskFiles(out.resolve("data"), this::say);
        List<Path> queries = data.isEmpty() ? List.of(tasks.queries()) : data;
        Optional<Path> held =
                eval != null ? Optional.of(eval) : data.isEmpty() ? Optional.of(tasks.heldOut()) : Optional.empty();
        Path policy = Models.fetch(model == null ? Models.NANO_POLICY : model, common.err());
        if (!local) {
            return run(policy, queries, held, config);
        }
        Map<String, String> given = OwnInstallation.sharingCores(config);
        try (OwnInstallation installation = OwnInstallation.start(out.resolve("local"), given, common.err())) {
            Map<String, String> all = new TreeMap<>(given);
            all.putAll(installation.addresses());
            return run(policy, queries, held, all);
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private int run(Path policy, List<Path> queries, Optional<Path> held, Map<String, String> config) {
        TrainJob job = new TrainJob(policy, queries, List.of(), held, out, resume, config);
        return new TrainRun(common, metrics)
                .run(
                        job,
                        (what, listener, stop) -> Grpo.train(
                                what,
                                name -> rewards == Rewards.GOLD
                                        ? Grpo.gold(queries)
                                        : KafkaExchange.open(what.config(), name),
                                listener,
                                stop));
    }

    /** What is given; for the policy that comes with Kritik over the settings that it was tried with. */
    private Map<String, String> configured() throws IOException {
        Map<String, String> config = new TreeMap<>(connection.over(common.config()));
        if (device != null) {
            config.put("train.device", device);
        }
        if (model == null) {
            NanoFiles.training("grpo").forEach(config::putIfAbsent);
        }
        return config;
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }
}
