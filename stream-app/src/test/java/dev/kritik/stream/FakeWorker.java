/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.Map;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

/** Answers all requests at once, without a judge: the score is in the response. Each third sample is answered twice. */
final class FakeWorker {

    private final Installation installation;
    private final KafkaConsumer<String, byte[]> requests;
    private final KafkaProducer<String, byte[]> producer;
    private final AvroSerializer<Critique> critiques;
    private final AvroDeserializer<CritiqueRequest> requestBytes;
    private final Thread thread;

    FakeWorker(Installation installation) {
        this.installation = installation;
        this.requests = installation.reader(installation.topics.critiqueRequests());
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.stack.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
        this.critiques = new AvroSerializer<>(installation.registry, Critique.class);
        this.requestBytes = new AvroDeserializer<>(installation.registry, CritiqueRequest.class);
        this.thread = Thread.ofPlatform().name("fake-worker").start(this::work);
    }

    private void work() {
        try {
            while (true) {
                requests.poll(Duration.ofSeconds(1))
                        .forEach(record -> answer(requestBytes.deserialize(record.topic(), record.value())));
            }
        } catch (WakeupException e) {
            requests.close();
            producer.close();
        }
    }

    private void answer(CritiqueRequest request) {
        var id = new GroupId(request.getJobId(), request.getGroupId(), request.getGroupAttempt());
        for (SampleSpec sample : request.getSamples()) {
            Critique critique = Given.critique(id, request.getPanel(), sample.getSample(), sample.getOrder())
                    .setScores(request.getResponses().stream()
                            .map(response -> new MemberScore(response.getIndex(), score(response.getContent())))
                            .toList())
                    .build();
            for (int times = sample.getSample() % 3 == 0 ? 2 : 1; times > 0; times--) {
                var unused = producer.send(new ProducerRecord<>(
                        installation.topics.critiques(),
                        request.getPartition(),
                        Keys.of(id.job(), id.group()),
                        critiques.serialize(installation.topics.critiques(), critique)));
            }
        }
    }

    /** The score that a response of this index gets. */
    static String response(int index) {
        return "score " + (1 + index % 10);
    }

    private static int score(String response) {
        return Integer.parseInt(response.substring("score ".length()));
    }

    void stop() {
        requests.wakeup();
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
