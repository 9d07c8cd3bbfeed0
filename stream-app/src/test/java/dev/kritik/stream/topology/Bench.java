/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.Topics;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;
import dev.kritik.stream.core.Rules;

/** The topology on Kafka's test driver, with a clock that stands until it is moved. */
final class Bench implements AutoCloseable {

    static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);

    final Topics topics = new Topics("");
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nowMs = new AtomicLong(START.toEpochMilli());
    final TopologyTestDriver driver;
    final TestInputTopic<byte[], byte[]> rollouts;
    final TestInputTopic<byte[], byte[]> critiques;
    private final TestOutputTopic<String, CritiqueRequest> requests;
    private final TestOutputTopic<String, GroupReward> rewards;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private final AvroSerializer<Rollout> rolloutBytes;
    private final AvroSerializer<Critique> critiqueBytes;
    private final RocksMemory memory = new RocksMemory(16 << 20);

    Bench(Path stateDir, Map<String, String> config) {
        this(stateDir, config, new InMemorySchemaRegistry(), System::nanoTime);
    }

    Bench(Path stateDir, Map<String, String> config, SchemaRegistry registry, LongSupplier nanoClock) {
        this(stateDir, config, UnaryOperator.identity(), registry, nanoClock);
    }

    /** With rules that no configuration can make. */
    Bench(Path stateDir, UnaryOperator<Rules> rules) {
        this(stateDir, Map.of(), rules, new InMemorySchemaRegistry(), System::nanoTime);
    }

    private Bench(
            Path stateDir,
            Map<String, String> config,
            UnaryOperator<Rules> rules,
            SchemaRegistry registry,
            LongSupplier nanoClock) {
        Map<String, String> all = new HashMap<>(Map.of(
                StreamConfig.K, "2",
                StreamConfig.COLLECT_TIMEOUT, "60000",
                StreamConfig.EVALUATE_TIMEOUT, "120000",
                StreamConfig.CLOSED_RETENTION, "3600000",
                StreamConfig.STATE_DIR, stateDir.toString()));
        all.putAll(config);
        var topology = Pipeline.topology(
                with(StreamConfig.from(all), rules),
                topics,
                registry,
                new StreamMetrics(meters, () -> Instant.ofEpochMilli(nowMs.get())),
                nanoClock);
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.Setter.class);
        settings.put(RocksMemory.SETTING, memory);
        this.driver = new TopologyTestDriver(topology, settings, START);
        this.rollouts =
                driver.createInputTopic(topics.rollouts(), new ByteArraySerializer(), new ByteArraySerializer());
        this.critiques =
                driver.createInputTopic(topics.critiques(), new ByteArraySerializer(), new ByteArraySerializer());
        this.requests = driver.createOutputTopic(
                topics.critiqueRequests(),
                new StringDeserializer(),
                new AvroDeserializer<>(registry, CritiqueRequest.class));
        this.rewards = driver.createOutputTopic(
                topics.rewards(), new StringDeserializer(), new AvroDeserializer<>(registry, GroupReward.class));
        this.deadLetters = driver.createOutputTopic(
                topics.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.rolloutBytes = new AvroSerializer<>(registry, Rollout.class);
        this.critiqueBytes = new AvroSerializer<>(registry, Critique.class);
    }

    private static StreamConfig with(StreamConfig config, UnaryOperator<Rules> rules) {
        return new StreamConfig(
                rules.apply(config.rules()),
                config.maxRewardBytes(),
                config.maxDeadLetterBytes(),
                config.commitIntervalMs(),
                config.threads(),
                config.instanceId(),
                config.standbyReplicas(),
                config.replication(),
                config.stateDir(),
                config.rocksdbBytes());
    }

    /** A dead letter: its bytes, and its headers as text. */
    record Letter(Bytes key, Bytes value, Map<String, String> headers) {

        String reason() {
            return headers.get("kritik.dead-letter.reason");
        }
    }

    byte[] bytes(Rollout rollout) {
        return rolloutBytes.serialize(topics.rollouts(), rollout);
    }

    void rollout(Rollout.Builder rollout) {
        Rollout built = rollout.build();
        rollouts.pipeInput(utf8(Keys.of(built.getJobId(), built.getGroupId())), bytes(built));
    }

    void rolloutBytes(String key, byte[] value, Headers headers) {
        rollouts.pipeInput(new TestRecord<>(key == null ? null : utf8(key), value, headers));
    }

    void critique(Critique critique) {
        critiques.pipeInput(
                utf8(Keys.of(critique.getJobId(), critique.getGroupId())),
                critiqueBytes.serialize(topics.critiques(), critique));
    }

    void critiqueBytes(String key, byte[] value) {
        critiques.pipeInput(new TestRecord<>(key == null ? null : utf8(key), value, new RecordHeaders()));
    }

    List<CritiqueRequest> requests() {
        return requests.readValuesToList();
    }

    List<GroupReward> rewards() {
        return rewards.readValuesToList();
    }

    List<Letter> letters() {
        List<Letter> letters = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : deadLetters.readRecordsToList()) {
            Map<String, String> headers = new HashMap<>();
            for (Header header : record.headers()) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
            letters.add(new Letter(Bytes.wrap(record.key()), Bytes.wrap(record.value()), headers));
        }
        return letters;
    }

    /** Answers every sample of the requests with one score for all. */
    void answer(List<CritiqueRequest> asked, int score) {
        for (CritiqueRequest request : asked) {
            var id = new GroupId(request.getJobId(), request.getGroupId(), request.getGroupAttempt());
            for (SampleSpec sample : request.getSamples()) {
                critique(Given.critique(id, request.getPanel(), sample.getSample(), sample.getOrder())
                        .setScores(sample.getOrder().stream()
                                .map(index -> new MemberScore(index, score))
                                .toList())
                        .build());
            }
        }
    }

    /** Gives another topology everything that this one keeps, as a restart does from the changelogs. */
    void handOver(Bench successor) {
        for (String name : List.of(GroupStore.GROUPS, GroupStore.BODIES, GroupStore.SAMPLES, GroupStore.DEADLINES)) {
            try (var all = driver.<Bytes, byte[]>getKeyValueStore(name).all()) {
                all.forEachRemaining(entry ->
                        successor.driver.<Bytes, byte[]>getKeyValueStore(name).put(entry.key, entry.value));
            }
        }
    }

    void pass(Duration time) {
        nowMs.addAndGet(time.toMillis());
        driver.advanceWallClockTime(time);
    }

    double counter(String name, String... tags) {
        return meters.get(name).tags(tags).counter().count();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /** All time that a timer has seen. */
    double seconds(String name) {
        return meters.get(name).timer().totalTime(TimeUnit.SECONDS);
    }

    /** The traces of requests, of those that have one. Takes the requests. */
    List<TraceContext> requestTraces() {
        return traces(requests);
    }

    /** The same of rewards. */
    List<TraceContext> rewardTraces() {
        return traces(rewards);
    }

    private static List<TraceContext> traces(TestOutputTopic<?, ?> topic) {
        return topic.readRecordsToList().stream()
                .flatMap(record -> TraceHeaders.of(record.headers()).stream())
                .toList();
    }

    double open() {
        return meters.get("kritik.groups.open").gauge().value();
    }

    long entries(String store) {
        long count = 0;
        try (var all = driver.getKeyValueStore(store).all()) {
            while (all.hasNext()) {
                all.next();
                count++;
            }
        }
        return count;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
        memory.close();
    }
}
