/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import dev.kritik.client.GroupReader;
import dev.kritik.client.GroupWriter;
import dev.kritik.gateway.Gateway;
import dev.kritik.monitor.dashboard.Dashboard;
import dev.kritik.monitor.lag.BrokerLag;
import dev.kritik.monitor.lag.LagReport;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.ops.topics.Finding;
import dev.kritik.ops.topics.acl.AclRole;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamApp;
import dev.kritik.worker.Worker;

/**
 * For each role everything that it does on a cluster, once, as that role's user. What it has to do with is there before: made
 * by somebody who may do everything.
 */
final class Drills implements AutoCloseable {

    private static final String JOB = "drill";

    private final SecuredInstallation installation;
    private final Duration patience;
    private final RecordedJudge judge;

    /** @param patience how long each step may take */
    Drills(SecuredInstallation installation, Duration patience) throws IOException {
        this.installation = installation;
        this.patience = patience;
        this.judge = RecordedJudge.start(JudgeOptions.of(new SeededScores()));
    }

    /**
     * Does all of it.
     *
     * @throws Exception whatever says that something did not go
     */
    void run(AclRole role, String prefix) throws Exception {
        Drill drill = new Drill(installation.admin(prefix), installation.as(role, prefix));
        switch (role) {
            case STREAM -> drill.stream();
            case WORKER -> drill.worker();
            case GATEWAY -> drill.gateway();
            case PRODUCER -> drill.producer();
            case CONSUMER -> drill.consumer();
            case TRAINER -> drill.trainer();
            case EXPORTER -> drill.exporter();
            case DASHBOARD -> drill.dashboard();
            case REPLAY -> drill.replay();
            case RESCORE -> drill.rescore();
            case CHECKER -> drill.checker();
            case ADMIN -> drill.admin();
            case REGISTRY -> throw new IllegalArgumentException("the registry is another program");
        }
    }

    private final class Drill {
        private final Map<String, String> all;
        private final Map<String, String> own;
        private final Topics topics;

        Drill(Map<String, String> all, Map<String, String> own) {
            this.all = all;
            this.own = own;
            this.topics = KafkaSettings.from(all).topics();
        }

        void stream() throws Exception {
            for (String topic : List.of(topics.critiqueRequests(), topics.rewards(), topics.deadLetters())) {
                noticesThatItIsTooSmall(topic);
            }
            try (StreamApp app = new StreamApp(own)) {
                app.start();
                until("ready", () -> alive(app) && app.ready());
                publish(List.of(member("whole", 0, 2), member("whole", 1, 2)));
                publish(List.of(lonely("lonely")));
                send(topics.rollouts(), "garbage".getBytes(StandardCharsets.UTF_8));
                for (String topic : List.of(topics.critiqueRequests(), topics.rewards(), topics.deadLetters())) {
                    until("a record on " + topic, () -> alive(app) && records(topic) > 0);
                }
            }
            Map<String, String> again = new TreeMap<>(own);
            again.put("stream.state.dir", own.get("stream.state.dir") + "-again");
            try (StreamApp app = new StreamApp(again)) {
                app.start();
                until("ready again", () -> alive(app) && app.ready());
            }
        }

        private boolean alive(StreamApp app) {
            if (app.stopped().toCompletableFuture().isDone()) {
                throw new IllegalStateException("the stream application has ended");
            }
            return true;
        }

        private void noticesThatItIsTooSmall(String topic) throws Exception {
            configure(topic, "1000");
            try (StreamApp app = new StreamApp(own)) {
                app.start();
                throw new IllegalStateException("did not notice that " + topic + " is too small");
            } catch (ConfigError e) {
                if (!e.getMessage().contains("max.message.bytes")) {
                    throw e;
                }
            }
            configure(topic, "16777216");
        }

        private void configure(String topic, String bytes) throws Exception {
            try (Admin admin = Admin.create(KafkaSettings.from(all).client())) {
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                await().until(() -> admin.describeConfigs(List.of(resource))
                        .all()
                        .get()
                        .get(resource)
                        .get("max.message.bytes")
                        .value()
                        .equals(bytes));
            }
        }

        void worker() throws Exception {
            send(topics.critiqueRequests(), "garbage".getBytes(StandardCharsets.UTF_8));
            send(topics.critiqueRequests(), request());
            own.put("judge.openai.url", judge.url().toString());
            own.put("judge.openai.model", SeededScores.MODEL);
            try (LogWatch log = LogWatch.of("dev.kritik.worker.task.ShareGroups");
                    Worker worker = Worker.open(own, new SimpleMeterRegistry())) {
                worker.start();
                for (String topic : List.of(topics.critiques(), topics.deadLetters())) {
                    until("a record on " + topic, () -> {
                        if (worker.stopped().toCompletableFuture().isDone()) {
                            throw new IllegalStateException("the worker has ended");
                        }
                        return records(topic) > 0;
                    });
                }
                if (log.contains("can't read a setting")) {
                    throw new IllegalStateException("the worker does not know when a delivery is the last one");
                }
            }
        }

        void gateway() throws Exception {
            own.put("gateway.http.address", "127.0.0.1:0");
            try (Gateway gateway = new Gateway(own);
                    HttpClient http = HttpClient.newHttpClient()) {
                gateway.start();
                until("ready", () -> alive(gateway) && gateway.ready());
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(gateway.uri().resolve("/v1/rewards"))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"prompt\":\"figures\",\"responses\":[\"4\",\"5\"]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() / 100 != 2) {
                    throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
                }
                until("two rollouts", () -> alive(gateway) && records(topics.rollouts()) >= 2);
                until("ready still", () -> alive(gateway) && gateway.ready());
            }
        }

        private boolean alive(Gateway gateway) {
            if (gateway.stopped().toCompletableFuture().isDone()) {
                throw new IllegalStateException("the gateway has ended");
            }
            return true;
        }

        void producer() throws Exception {
            Path file = Files.createTempFile("drill", ".jsonl");
            Files.writeString(
                    file,
                    "{\"query_id\":\"q\",\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}],\"responses\":[{\"content\":\"a\"},{\"content\":\"b\"}]}\n");
            cli(own, "rollouts", "publish", file.toString(), "--job", JOB);
        }

        void consumer() throws Exception {
            send(topics.rewards(), "garbage".getBytes(StandardCharsets.UTF_8));
            publish(List.of(lonely("lonely")));
            cli(own, "rewards", "tail");
            try (GroupReader reader = GroupReader.open(own, JOB, Optional.empty(), GroupReader.Start.EARLIEST)) {
                require("caught up", reader.catchUp(patience));
            }
        }

        void trainer() throws Exception {
            send(topics.rewards(), "garbage".getBytes(StandardCharsets.UTF_8));
            try (GroupWriter writer = GroupWriter.open(own, topics.prefix() + "kritik-grpo-" + JOB)) {
                writer.write(List.of(List.of(member("whole", 0, 2), member("whole", 1, 2))));
            }
            try (GroupReader reader = GroupReader.open(own, JOB, Optional.empty(), GroupReader.Start.EARLIEST)) {
                require("caught up", reader.catchUp(patience));
            }
        }

        void exporter() throws Exception {
            waitingGroups();
            lagIsKnown();
        }

        /** Somebody stands at the begin of the topics, and a record waits. */
        private void waitingGroups() throws Exception {
            for (String topic : topics.all()) {
                send(topic, "waits".getBytes(StandardCharsets.UTF_8));
            }
            String application = StreamApp.applicationId(topics);
            try (var consumer = new KafkaConsumer<>(
                    with("group.id", application), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.commitSync(Map.of(
                        new TopicPartition(topics.rollouts(), 0), new OffsetAndMetadata(0),
                        new TopicPartition(topics.critiques(), 0), new OffsetAndMetadata(0)));
            }
            try (var consumer = new KafkaShareConsumer<>(
                    with("group.id", topics.prefix() + "kritik-workers", "share.acknowledgement.mode", "explicit"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topics.critiqueRequests()));
                until("a request", () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            }
        }

        private void lagIsKnown() {
            try (BrokerLag lag = new BrokerLag(KafkaSettings.from(own), patience, Clock.systemUTC())) {
                LagReport report = lag.report();
                require(report.problems().toString(), report.problems().isEmpty());
                require(
                        "all topics, not " + report.ends(),
                        report.ends().size() == topics.all().size());
                require("both groups, not " + report.groups(), report.groups().size() == 2);
                require("three lags, not " + report.lags(), report.lags().size() == 3);
                require(
                        "ages, not " + report.lags(),
                        report.lags().stream().allMatch(one -> one.seconds().isPresent()));
            }
        }

        void dashboard() throws Exception {
            waitingGroups();
            own.put("dashboard.http.address", "127.0.0.1:0");
            try (BrokerLag lag = new BrokerLag(KafkaSettings.from(own));
                    Dashboard dashboard = new Dashboard(own, lag)) {
                dashboard.start();
                // It tries again after a refusal, and is ready in between.
                await("ready")
                        .atMost(patience)
                        .during(Duration.ofSeconds(4))
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> ok(dashboard.uri().resolve("/health/ready")));
            }
            lagIsKnown();
        }

        void replay() throws Exception {
            publish(List.of(lonely("lonely")));
            for (String topic : List.of(topics.critiques(), topics.rewards())) {
                send(topic, "not readable, and counted".getBytes(StandardCharsets.UTF_8));
            }
            Path out = Files.createTempDirectory("drill").resolve("out");
            cli(own, "replay", "export", "--out", out.toString(), "--rate", "none");
        }

        void rescore() throws Exception {
            all.put("judge.openai.url", judge.url().toString());
            all.put("judge.openai.model", SeededScores.MODEL);
            try (StreamApp app = new StreamApp(all);
                    Worker worker = Worker.open(all, new SimpleMeterRegistry())) {
                app.start();
                worker.start();
                publish(List.of(member("whole", 0, 2), member("whole", 1, 2)));
                until("a reward", () -> records(topics.rewards()) > 0);
            }
            again();
            again(); // finds its topics there
            cli(own, "replay", "drop", "again", "--yes");
        }

        private void again() {
            cli(
                    own,
                    "replay",
                    "rescore",
                    "again",
                    "--judge",
                    "openai",
                    "--url",
                    judge.url().toString(),
                    "--model",
                    SeededScores.MODEL,
                    "--k",
                    "1");
        }

        void checker() {
            wellSaid(Bootstrap.run(withRights(all), Bootstrap.Mode.CREATE));
            wellSaid(Bootstrap.run(withRights(own), Bootstrap.Mode.CHECK));
        }

        void admin() {
            wellSaid(Bootstrap.run(withRights(own), Bootstrap.Mode.CREATE));
            wellSaid(Bootstrap.run(withRights(own), Bootstrap.Mode.CHECK));
        }

        /** With somebody for the admin to give rights, and for the checker to look at; of this installation alone. */
        private Map<String, String> withRights(Map<String, String> config) {
            Map<String, String> with = new TreeMap<>(config);
            with.put("acl.producer", "User:somebody-of-" + topics.prefix());
            return with;
        }

        private void wellSaid(List<Finding> findings) {
            findings.forEach(finding -> require(
                    finding.thing() + ": " + finding.detail(), finding.state().good()));
        }

        private void publish(List<Rollout> rollouts) throws Exception {
            try (var registry = new HttpSchemaRegistry(RegistryConfig.from(all))) {
                var serializer = new AvroSerializer<>(registry, Rollout.class);
                for (Rollout rollout : rollouts) {
                    send(topics.rollouts(), serializer.serialize(topics.rollouts(), rollout), rollout.getGroupId());
                }
            }
        }

        private byte[] request() {
            try (var registry = new HttpSchemaRegistry(RegistryConfig.from(all))) {
                var serializer = new AvroSerializer<>(registry, CritiqueRequest.class);
                return serializer.serialize(
                        topics.critiqueRequests(),
                        CritiqueRequest.newBuilder()
                                .setRequestId("drill/whole/0/0/0")
                                .setJobId(JOB)
                                .setGroupId("whole")
                                .setGroupAttempt(0)
                                .setPartition(0)
                                .setPanel(0)
                                .setMessages(List.of(new Message("user", "What?")))
                                .setResponses(List.of(new PanelResponse(0, "this"), new PanelResponse(1, "that")))
                                .setSamples(List.of(SampleSpec.newBuilder()
                                        .setSample(0)
                                        .setSeed(1)
                                        .setOrder(List.of(0, 1))
                                        .build()))
                                .setDeadlineMs(System.currentTimeMillis() + 600_000)
                                .setCreatedMs(System.currentTimeMillis())
                                .build());
            }
        }

        private void send(String topic, byte[] value) throws Exception {
            send(topic, value, "key");
        }

        private void send(String topic, byte[] value, String group) throws Exception {
            try (var producer = new KafkaProducer<>(with(), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(topic, (JOB + "/" + group).getBytes(StandardCharsets.UTF_8), value))
                        .get();
            }
        }

        private long records(String topic) {
            try (var consumer = new KafkaConsumer<>(
                    with("isolation.level", "read_committed"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                var partition = new TopicPartition(topic, 0);
                return consumer.endOffsets(List.of(partition)).get(partition);
            }
        }

        private Map<String, Object> with(String... more) {
            Map<String, Object> settings = new TreeMap<>(KafkaSettings.from(all).client());
            for (int i = 0; i < more.length; i += 2) {
                settings.put(more[i], more[i + 1]);
            }
            return settings;
        }
    }

    private static Rollout member(String group, int index, int size) {
        return rollout(group, index, size).build();
    }

    /** Ends at once, without its other member. */
    private static Rollout lonely(String group) {
        return rollout(group, 0, 2)
                .setDeadlineMs(System.currentTimeMillis() + 1_000)
                .build();
    }

    private static Rollout.Builder rollout(String group, int index, int size) {
        return Rollout.newBuilder()
                .setJobId(JOB)
                .setGroupId(group)
                .setGroupSize(size)
                .setIndex(index)
                .setK(1)
                .setMessages(List.of(new Message("user", "What?")))
                .setResponse("response " + index);
    }

    static void cli(Map<String, String> config, String... arguments) {
        List<String> call = new ArrayList<>(List.of(arguments));
        config.forEach((key, value) -> call.addAll(List.of("--set", key + "=" + value)));
        Cli ran = Cli.run(call.toArray(String[]::new));
        require(ran.err() + ran.out(), ran.code() == 0);
    }

    private static boolean ok(URI uri) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void until(String what, BooleanSupplier reached) {
        await(what).atMost(patience).pollInterval(Duration.ofMillis(200)).until(reached::getAsBoolean);
    }

    private static void require(String what, boolean holds) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    @Override
    public void close() {
        judge.close();
    }
}
