/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import dev.kritik.local.Child;
import dev.kritik.local.Folders;
import dev.kritik.ops.bench.load.MadeUp;
import dev.kritik.ops.bench.load.ProcessUse;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.GroupSender;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.local.RoleProcess;
import dev.kritik.ops.topics.Bootstrap;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamConfig;

/**
 * One case, on topics of its own of an installation that runs, with a stream application and workers of its own. Groups are
 * judged first that don't count. Those that do are written in one transaction, and so can be read all at once, when it is
 * committed. Nothing reads the rewards while they are written. For one thread.
 */
final class Measurement implements AutoCloseable {

    private static final String WARM_UP = "warm-up";
    private static final String OPEN = "open";
    private static final String MEASURED = "measured";

    private static final Duration LOOK = Duration.ofMillis(500);

    /** So long without a further record, and the rewards are counted. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PASS = Duration.ofMinutes(20);

    /** Longest that a broker lets a transaction last, unless it is told otherwise. */
    private static final int TRANSACTION_MS = 900_000;

    private final LocalCluster cluster;
    private final CeilingCase of;
    private final int critiqueChars;
    private final Duration limit;
    private final Map<String, String> config;
    private final Topics topics;
    private final Path folder;
    private final Connection connection;
    private final Admin admin;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, Long> pids = new TreeMap<>();

    /**
     * Opens what it needs; nothing is made yet.
     *
     * @param name of the topics' prefix and of files; used once
     * @param critiqueChars length of the stand-in's critiques
     * @param limit for the rewards of the measured groups
     */
    Measurement(LocalCluster cluster, String name, CeilingCase of, int critiqueChars, Duration limit) {
        this.cluster = cluster;
        this.of = of;
        this.critiqueChars = critiqueChars;
        this.limit = limit;
        Map<String, String> all = new TreeMap<>(cluster.config());
        all.put(KafkaSettings.TOPICS_PREFIX, name + ".");
        // Groups that are to stay open stay open, whatever the limits of the installation are.
        all.put(StreamConfig.COLLECT_TIMEOUT, Long.toString(Duration.ofDays(1).toMillis()));
        this.config = Map.copyOf(all);
        this.topics = KafkaSettings.from(config).topics();
        this.folder = cluster.stack().data().resolve("bench").resolve(name);
        this.connection = new Connection(config);
        opened.push(connection);
        this.admin = Admin.create(KafkaSettings.from(config).client());
        opened.push(admin);
    }

    /**
     * Measures.
     *
     * @throws CommandFailed if not all groups have ended within the limit
     */
    CeilingResult measure(int round) throws InterruptedException, IOException {
        Bootstrap.run(config, Bootstrap.Mode.CREATE).stream()
                .filter(finding -> !finding.state().good())
                .findFirst()
                .ifPresent(finding -> {
                    throw new CommandFailed(finding.thing() + ": " + finding.detail());
                });
        answering();
        RoleProcess stream = cluster.startStream(config);
        opened.push(stream);
        pids.put(CeilingResult.STREAM, stream.pid());
        pids.put("broker", cluster.stack().brokerPid());
        try (TopicReader<GroupReward> rewards =
                TopicReader.open(connection, topics.rewards(), GroupReward.class, true)) {
            warmUp(rewards);
            return measured(round, stream, rewards);
        } catch (ExecutionException e) {
            throw new CommandFailed("the brokers don't answer: " + e.getCause().getMessage(), e);
        }
    }

    private void answering() throws IOException {
        if (of.mode() == Mode.STAND_IN) {
            Map<String, String> all = new TreeMap<>(config);
            all.put(StandIn.CHARS, Integer.toString(critiqueChars));
            Child standIn = child("stand-in", StandIn.class, all);
            standIn.awaitReady(() -> standIn.hasLogged(StandIn.READY), START);
            pids.put("stand-in", standIn.pid());
        } else {
            Map<String, String> all = new HashMap<>(config);
            all.put("worker.source", of.mode().word());
            RoleProcess worker = cluster.startWorker(all);
            opened.push(worker);
            pids.put("worker", worker.pid());
            pids.put("judge-and-bench", ProcessHandle.current().pid());
        }
    }

    private Child child(String name, Class<?> main, Map<String, String> settings) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        Child child = Child.start(
                name,
                List.of( // as roles are started
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path")),
                List.of(main.getName(), file.toString()),
                folder.resolve(name + ".log"),
                folder);
        opened.push(child::kill);
        return child;
    }

    private void warmUp(TopicReader<GroupReward> rewards) throws InterruptedException {
        try (KafkaProducer<String, Rollout> producer = connection.rolloutProducer()) {
            GroupSender sender = new GroupSender(producer, topics.rollouts());
            // The same query and length as the others, but a member that never comes.
            if (of.openGroups() > 0) {
                MadeUp open =
                        new MadeUp(OPEN, of.openGroups(), 2, 1, of.responseChars(), of.k(), of.panelSize(), "fixed");
                send(sender, open);
            }
            send(sender, whole(WARM_UP, of.warmUp()));
            sender.flush();
            sender.check();
        }
        // Each partition gets some of them, behind all open groups: when they are judged, those have been taken in.
        List<GroupReward> all = new ArrayList<>();
        long end = System.nanoTime() + limit.toNanos();
        while (all.size() < of.warmUp()) {
            if (System.nanoTime() > end) {
                throw tooSlow("warm-up", all.size(), of.warmUp());
            }
            all.addAll(rewards.poll(LOOK));
            interrupted();
        }
    }

    private static void interrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted");
        }
    }

    private CommandFailed tooSlow(String what, int ended, int wanted) {
        return new CommandFailed(of.words() + ": " + ended + " of " + wanted + " groups of the " + what
                + " had ended after " + limit.toSeconds() + " s; give a higher --limit, or fewer --records");
    }

    private MadeUp whole(String job, int groups) {
        return MadeUp.whole(job, groups, of.groupSize(), of.responseChars(), of.k(), of.panelSize(), "fixed");
    }

    private static void send(GroupSender sender, MadeUp workload) {
        for (int number = 0; number < workload.groups(); number++) {
            sender.send(workload.group(number));
            sender.check();
        }
    }

    private CeilingResult measured(int round, RoleProcess stream, TopicReader<GroupReward> rewards)
            throws InterruptedException, ExecutionException, IOException {
        Map<String, Double> before;
        long known;
        try (KafkaProducer<String, Rollout> producer = transactional()) {
            producer.initTransactions();
            producer.beginTransaction();
            GroupSender sender = new GroupSender(producer, topics.rollouts());
            send(sender, whole(MEASURED, of.groups()));
            sender.flush();
            sender.check();
            known = records(List.of(topics.rewards()));
            before = ProcessUse.cpu(pids);
            producer.commitTransaction();
        }
        Map<String, Double> after = awaitQuiet(known);
        Span span = new Span();
        while (span.groups < of.groups()) {
            List<GroupReward> some = rewards.poll(LOOK);
            some.forEach(span::add);
            if (some.isEmpty()) {
                throw tooSlow("measurement", span.groups, of.groups());
            }
        }
        Map<String, Long> bytes = topicBytes();
        long state = Folders.bytes(Path.of(stateFolder(stream)));
        long memory = ProcessUse.memory(stream.pid()).orElse(0);
        Optional<CeilingResult.Pass> pass = of.passThrough() ? Optional.of(passThrough()) : Optional.empty();
        return new CeilingResult(
                round,
                of,
                span.notOk,
                (span.lastMs - span.firstMs) / 1000.0,
                ProcessUse.between(before, after),
                bytes,
                state,
                memory,
                pass);
    }

    /** From the first rollout of the measured groups that was taken in, to the last group that was closed. */
    private static final class Span {
        private long firstMs = Long.MAX_VALUE;
        private long lastMs = Long.MIN_VALUE;
        private int groups;
        private long notOk;

        void add(GroupReward reward) {
            if (reward.getJobId().equals(MEASURED)) {
                groups++;
                notOk += reward.getStatus() == GroupStatus.OK ? 0 : 1;
                firstMs = Math.min(firstMs, reward.getOpenedMs());
                lastMs = Math.max(lastMs, reward.getClosedMs());
            }
        }
    }

    private KafkaProducer<String, Rollout> transactional() {
        return new KafkaProducer<>(
                KafkaSettings.from(config)
                        .with(Map.of(
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                topics.prefix() + "bench",
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                TRANSACTION_MS,
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.LINGER_MS_CONFIG,
                                5)),
                new StringSerializer(),
                new AvroSerializer<>(connection.registry(), Rollout.class));
    }

    /**
     * Waits until no reward comes any more; the CPU time when the last ones had come.
     *
     * @param known where the topic ended before any of them
     */
    private Map<String, Double> awaitQuiet(long known) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + limit.toNanos();
        long changed = System.nanoTime();
        long at = known;
        Map<String, Double> cpu = ProcessUse.cpu(pids);
        // The first ones take a moment, too.
        while (System.nanoTime() < end && (at == known || System.nanoTime() - changed < QUIET.toNanos())) {
            Thread.sleep(LOOK.toMillis());
            long now = records(List.of(topics.rewards()));
            if (now != at) {
                at = now;
                changed = System.nanoTime();
                cpu = ProcessUse.cpu(pids);
            }
        }
        return cpu;
    }

    /** Where topics end, over all partitions. */
    private long records(Collection<String> names) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> latest = admin.describeTopics(names).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    private Map<String, Long> topicBytes() throws InterruptedException, ExecutionException {
        Map<String, Long> bytes = new TreeMap<>();
        admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                .flatMap(dirs -> dirs.values().stream())
                .flatMap(dir -> dir.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().startsWith(topics.prefix()))
                .forEach(replica -> bytes.merge(
                        replica.getKey().topic().substring(topics.prefix().length()),
                        replica.getValue().size(),
                        Long::sum));
        return bytes;
    }

    private String stateFolder(RoleProcess stream) {
        return cluster.stack()
                .data()
                .resolve("roles")
                .resolve(stream.name() + "-state")
                .toString();
    }

    /** After the roles have ended: the pass-through has the machine to itself, as they had. */
    private CeilingResult.Pass passThrough() throws InterruptedException, ExecutionException, IOException {
        long critiques = records(List.of(topics.critiques()));
        closeAll(2);
        String output = topics.prefix() + "pass-through";
        int partitions = admin.describeTopics(List.of(topics.rollouts()))
                .allTopicNames()
                .get()
                .get(topics.rollouts())
                .partitions()
                .size();
        admin.createTopics(Set.of(new NewTopic(output, Optional.of(partitions), Optional.empty())))
                .all()
                .get();
        // Markers of the one transaction take an offset on each partition, and are no records.
        long rollouts = (long) (of.warmUp() + of.groups()) * of.groupSize() + of.openGroups();
        Map<String, String> settings = new TreeMap<>(config);
        settings.put(PassThrough.APPLICATION, topics.prefix() + "pass-through");
        settings.put(PassThrough.OUTPUT, output);
        settings.put(PassThrough.RECORDS, Long.toString(rollouts + critiques));
        settings.put(
                StreamConfig.STATE_DIR, folder.resolve("pass-through-state").toString());
        Child child = child("pass-through", PassThrough.class, settings);
        child.awaitReady(() -> child.hasLogged(PassThrough.DONE), PASS);
        String[] figures = Files.readString(child.log())
                .lines()
                .filter(line -> line.startsWith(PassThrough.DONE))
                .findFirst()
                .orElseThrow()
                .substring(PassThrough.DONE.length())
                .split(" ", -1);
        return new CeilingResult.Pass(
                Long.parseLong(figures[0]),
                (Long.parseLong(figures[2]) - Long.parseLong(figures[1])) / 1000.0,
                Double.parseDouble(figures[3]));
    }

    /** Ends what was started, and drops the topics, whose records would fill the disk. */
    @Override
    public void close() {
        try {
            closeAll(2);
            Set<String> ours = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(topics.prefix()))
                    .collect(Collectors.toSet());
            admin.deleteTopics(ours).all().get();
        } catch (ExecutionException e) {
            throw new CommandFailed("topics can't be deleted: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // all of the installation goes away
        } finally {
            closeAll(0);
        }
    }

    /** Closes what was opened last first, but for the first ones. */
    private void closeAll(int but) {
        while (opened.size() > but) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new CommandFailed("what was started can't be ended: " + e.getMessage(), e);
            }
        }
    }
}
