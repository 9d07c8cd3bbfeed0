/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.kritik.gateway.GatewayConfig;
import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.local.StackException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.Role;
import dev.kritik.ops.demo.DemoFeed;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.openai.OpenAiJudge;

/** {@code kritik local}: a whole installation on this machine, until Ctrl-C. */
@Command(
        name = "local",
        description = {
            "Run a whole installation on this machine: a Kafka broker, a schema registry, the topics, stream-app, worker and "
                    + "dashboard, each in a process of its own, all on 127.0.0.1.",
            "The judge is kritik-nano, a small model that comes with Kritik and knows micro-tasks only, in the worker's process, "
                    + "unless you name another.",
            "Prints where everything listens, and writes it to a file for --config of the other commands. A process that "
                    + "dies is started again. Ctrl-C stops all in order. The data stay: the next start with the same folder "
                    + "finds topics and schemas again.",
            "For development. One copy of the data, no passwords: not for production."
        },
        footer = {
            "",
            "Examples:",
            "  kritik local",
            "  kritik local --url http://127.0.0.1:8000/v1 --model my-judge",
            "  kritik local --judge djl --model ~/models/my-judge",
            "  kritik local --random-scores",
            "  kritik local --gateway",
            "  kritik local --secured               # TLS, users and least rights, as on a cluster that others use too",
            "  kritik local --demo                  # something to look at in the dashboard",
            "  kritik local --no-worker --broker-port 9092 --registry-port 8081 --data /tmp/kritik",
            "  kritik rewards tail --config ~/.kritik/local/kritik.properties"
        })
public final class LocalCommand implements Callable<Integer> {

    private static final double MOST_A_SECOND = 1_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for topics, schemas and logs. Default: $KRITIK_DATA, or ~/.kritik/local (~/.kritik/secured with --secured).")
    private Path data;

    @Option(names = "--broker-port", paramLabel = "PORT", description = "Port of the broker. Default: a free one.")
    private int brokerPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            description = "Port of the schema registry. Default: a free one.")
    private int registryPort;

    @Mixin
    private JudgeChoice judge;

    @Option(
            names = "--random-scores",
            description =
                    "No model at hand: scores are drawn by chance, by a stand-in for a model server. To try clients"
                            + " and the flow; no reward means anything.")
    private boolean randomScores;

    @Option(names = "--no-stream", description = "Don't run stream-app.")
    private boolean noStream;

    @Option(names = "--no-worker", description = "Don't run a worker.")
    private boolean noWorker;

    @Option(
            names = "--gateway",
            description = "Run a gateway, too: HTTP for RL systems that don't speak Kafka, at 127.0.0.1:8380 or where"
                    + " gateway.http.address says.")
    private boolean gateway;

    @Option(
            names = "--no-dashboard",
            description =
                    "Don't run a dashboard. It listens at 127.0.0.1:8390, at another port where that is taken, or where"
                            + " dashboard.http.address says.")
    private boolean noDashboard;

    @Option(
            names = "--secured",
            description =
                    "With TLS, a user with a password for each role, and no more rights for each than it needs, to try"
                            + " out and to copy from. In a folder of its own unless --data names one.")
    private boolean secured;

    @Option(
            names = "--demo",
            description =
                    "Keep sending groups of micro-tasks until Ctrl-C, so that there is something to look at; a few of"
                            + " them can't be used, or lack a member.")
    private boolean demo;

    @Option(
            names = "--demo-rate",
            paramLabel = "GROUPS/S",
            description = "Groups a second that --demo sends, above 0 to 1000. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.5")
    private double demoRate;

    private volatile LocalCluster cluster;
    private volatile Supervision supervision;
    private volatile DemoFeed feed;

    @Override
    public Integer call() throws InterruptedException {
        if (!(demoRate > 0 && demoRate <= MOST_A_SECOND)) {
            throw new ParameterException(spec.commandLine(), "--demo-rate is above 0 and at most " + MOST_A_SECOND);
        }
        Map<String, String> given = judge.over(configured());
        boolean named = JudgeChoice.named(given);
        if (randomScores && (named || judge.judgeGiven())) {
            throw new ParameterException(spec.commandLine(), "two judges: name one, or give --random-scores, not both");
        }
        if (!noWorker && !named && !randomScores) {
            throw new CommandFailed(
                    "no judge: name a model server with --url, or a model in process with --judge djl and"
                            + " --model; have scores drawn by chance with --random-scores; or leave the worker out with"
                            + " --no-worker" + (Nano.isThere() ? "" : ". " + Nano.NOT_HERE));
        }
        if (randomScores) {
            startRandomJudge(given);
        }
        Map<String, String> config = noWorker ? given : OwnModels.prepare(given, common.err());
        Options plain = Options.in(folder()).withPorts(brokerPort, registryPort);
        Options options = secured ? plain.withSecurity() : plain;
        try {
            return Role.run("local", () -> start(options, config), atMost -> stop());
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    /** What the configuration says; with the judge that comes with Kritik where nobody names another. */
    private Map<String, String> configured() {
        Map<String, String> config = common.config();
        boolean free = !noWorker && !randomScores && !judge.judgeGiven() && Nano.isFreeIn(config);
        if (!free || !Nano.isThere()) {
            return config;
        }
        Map<String, String> judging = Nano.judging(
                config,
                "name a model server with --url; have scores drawn by chance with --random-scores; or leave the worker out"
                        + " with --no-worker");
        say(Nano.WHAT
                + ": for that, name a model server with --url and --model, or a model with --judge djl and --model");
        return judging;
    }

    /** Ends with this process, after the worker. */
    private void startRandomJudge(Map<String, String> config) {
        try {
            RecordedJudge chance = RecordedJudge.start(JudgeOptions.of(new SeededScores()));
            config.put(JudgeConfig.KIND, OpenAiJudge.KIND);
            config.put("judge.openai.url", chance.url().toString());
            config.put("judge.openai.model", SeededScores.MODEL);
            say("scores are drawn by chance, at " + chance.url() + ": no reward means anything");
        } catch (IOException e) {
            throw new CommandFailed("the judge can't be started: " + e.getMessage(), e);
        }
    }

    private Path folder() {
        return Optional.ofNullable(data)
                .or(() -> Optional.ofNullable(System.getenv("KRITIK_DATA"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kritik", secured ? "secured" : "local"));
    }

    private void start(Options options, Map<String, String> config) {
        say("starting broker and registry; data in " + options.data());
        LocalCluster started = LocalCluster.start(options, config);
        cluster = started;
        if (!noStream) {
            say("starting stream-app");
            var unused = started.startStream();
        }
        if (!noWorker) {
            say("starting worker");
            var unused = started.startWorker();
        }
        if (gateway) {
            say("starting gateway");
            var unused = started.startGateway(Map.of());
        }
        Map<String, String> dashboard = noDashboard ? Map.of() : LocalDashboard.placed(config, this::say);
        if (!noDashboard) {
            say("starting dashboard");
            var unused = started.startDashboard(dashboard);
        }
        print(started, dashboard);
        supervision = Supervision.of(started, this::say);
        if (demo) {
            feed = DemoFeed.start(started.config(), demoRate, this::say);
        }
    }

    private void stop() {
        if (feed != null) {
            feed.close();
        }
        if (supervision != null) {
            supervision.close();
        }
        LocalCluster running = cluster;
        if (running != null) {
            say("stopping all processes, the broker last");
            running.close();
            say("stopped; the data stay in " + running.stack().data());
        }
    }

    private void print(LocalCluster running, Map<String, String> dashboard) {
        Map<String, Object> where = new LinkedHashMap<>();
        LocalStack stack = running.stack();
        where.put("kafka", stack.bootstrapServers());
        where.put("registry", stack.registryUrl());
        if (gateway) {
            where.put("gateway", "http://" + gatewayAddress(running.config()));
        }
        if (!noDashboard) {
            where.put("dashboard", "http://" + LocalDashboard.address(dashboard));
        }
        if (secured) {
            where.put("secrets", stack.data().resolve("secrets").toString());
        }
        where.put("config", running.configFile().toString());
        where.put("data", stack.data().toString());
        where.put("logs", stack.brokerLog().getParent().toString());
        Map<String, Long> processes = new LinkedHashMap<>();
        processes.put("broker", stack.brokerPid());
        processes.put("registry", stack.registryPid());
        running.roles().forEach(role -> processes.put(role.name(), role.pid()));
        if (common.json()) {
            where.put("processes", processes);
            common.out().println(json(where));
        } else {
            where.forEach((name, value) -> common.out().println(String.format("%-9s %s", name, value)));
            common.out().println(String.format("%-9s %s", "processes", processes));
            common.out().println("Use it:   kritik topics check --config " + running.configFile());
            common.out().println("Ctrl-C stops all.");
        }
        common.out().flush();
    }

    private static String gatewayAddress(Map<String, String> config) {
        return config.getOrDefault(
                GatewayConfig.ADDRESS,
                GatewayConfig.DEF.defaultValues().get(GatewayConfig.ADDRESS).toString());
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can be written as JSON", e);
        }
    }
}
