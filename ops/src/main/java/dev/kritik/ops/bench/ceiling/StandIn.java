/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.kritik.ops.bench.load.MadeUp;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * In place of all workers and their judge: reads requests in large batches, and answers each sample at once, without a prompt
 * and without HTTP. For the measuring of everything else. Runs until it is killed.
 */
public final class StandIn {

    /** Written to the log when it reads. */
    static final String READY = "stand-in reads requests";

    /** As long as what the recorded judge writes is short; a model's critique has a thousand characters and more. */
    static final String CHARS = "stand.in.critique.chars";

    private static final Duration POLL = Duration.ofMillis(100);

    /** Made before, for it takes time; more than fit into one compressed batch. */
    private static final int TEXTS = 256;

    private StandIn() {}

    /**
     * Runs it.
     *
     * @param args a properties file: the installation's keys, and {@link #CHARS}
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> config = read(Path.of(args[0]));
        KafkaSettings kafka = KafkaSettings.from(config);
        int chars = Integer.parseInt(config.get(CHARS));
        List<String> texts = IntStream.range(0, TEXTS)
                .mapToObj(number -> MadeUp.prose("Specific Criteria:", chars, number))
                .toList();
        int next = 0;
        try (var registry = new HttpSchemaRegistry(RegistryConfig.from(config));
                var producer = producer(kafka);
                var consumer = consumer(kafka)) {
            var requests = new AvroDeserializer<>(registry, CritiqueRequest.class);
            var critiques = new AvroSerializer<>(registry, Critique.class);
            String topic = kafka.topics().critiques();
            List<TopicPartition> partitions = consumer
                    .partitionsFor(kafka.topics().critiqueRequests())
                    .stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            System.out.println(READY);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    CritiqueRequest request = requests.deserialize(record.topic(), record.value());
                    byte[] key =
                            Keys.of(request.getJobId(), request.getGroupId()).getBytes(StandardCharsets.UTF_8);
                    for (SampleSpec sample : request.getSamples()) {
                        byte[] value = critiques.serialize(topic, critique(request, sample, texts.get(next++ % TEXTS)));
                        var unused = producer.send(new ProducerRecord<>(topic, request.getPartition(), key, value));
                    }
                }
            }
        }
    }

    /** Settings of a file that the bench has written. */
    static Map<String, String> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> config = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> config.put(name, properties.getProperty(name)));
        return config;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka) {
        return new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "stand-in",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** As a worker writes. */
    private static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka) {
        return new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "stand-in",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "zstd",
                        ProducerConfig.LINGER_MS_CONFIG,
                        1)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What a worker would have written, had a judge answered at once. Scores follow from the sample's seed. */
    static Critique critique(CritiqueRequest request, SampleSpec sample, String text) {
        long now = System.currentTimeMillis();
        List<MemberScore> scores = new ArrayList<>();
        for (int index : sample.getOrder()) {
            scores.add(new MemberScore(index, 1 + (int) Math.floorMod(sample.getSeed() + 7L * index, 10L)));
        }
        return Critique.newBuilder()
                .setJobId(request.getJobId())
                .setGroupId(request.getGroupId())
                .setGroupAttempt(request.getGroupAttempt())
                .setPanel(request.getPanel())
                .setSample(sample.getSample())
                .setRequestId(request.getRequestId())
                .setStatus(CritiqueStatus.OK)
                .setScores(scores)
                .setOrder(sample.getOrder())
                .setRawText(text)
                .setFinishReason("stop")
                .setJudge("none")
                .setModel("stand-in")
                .setPromptVersion("none")
                .setSeed(sample.getSeed())
                .setAttempt(1)
                .setPromptTokens(1000L)
                .setCompletionTokens(text.length() / 4L)
                .setStartedMs(now)
                .setJudgeMs(0)
                .setFinishedMs(now)
                .setWorker("stand-in")
                .setDelivery(1)
                .build();
    }
}
