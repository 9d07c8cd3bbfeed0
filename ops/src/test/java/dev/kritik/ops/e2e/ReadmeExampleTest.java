/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.HttpSchemaRegistry;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.schema.serde.AvroSerde;

/** The Java example in the documentation works as written. */
class ReadmeExampleTest {

    @Test
    void theExampleGivesAReward() throws Exception {
        // Given
        try (var installation = new Installation(Map.of("topics.prefix", "", "stream.k", "1"))) {
            var judge = installation.judge(JudgeOptions.of(new SeededScores()));
            installation.stream();
            installation.worker(judge.url().toString(), SeededScores.MODEL, Map.of());
            // When
            produce(
                    installation.config().get("kafka.bootstrap.servers"),
                    installation.config().get("registry.url"));
            // Then
            assertThat(installation
                            .client()
                            .awaitReward("run-7", "q1", Duration.ofMinutes(1))
                            .getStatus())
                    .isEqualTo(GroupStatus.OK);
        }
    }

    private static void produce(String bootstrapServers, String registryUrl) throws Exception {
        // example
        var registry = new HttpSchemaRegistry(RegistryConfig.from(Map.of("registry.url", registryUrl)));
        var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrapServers),
                new StringSerializer(),
                AvroSerde.of(registry, Rollout.class).serializer());
        Rollout rollout = Rollout.newBuilder()
                .setJobId("run-7")
                .setGroupId("q1")
                .setIndex(0)
                .setGroupSize(1)
                .setMessages(List.of(new Message("user", "What is the capital of France?")))
                .setResponse("Paris.")
                .build();
        producer.send(new ProducerRecord<>("rollouts", Keys.of("run-7", "q1"), rollout))
                .get();
        // end of example
        producer.close();
        registry.close();
    }

    @Test
    void theDocumentationShowsWhatIsTestedHere() throws Exception {
        Path root = Path.of(System.getProperty("kritik.root"));
        String source = Files.readString(root.resolve("ops/src/test/java/dev/kritik/ops/e2e/ReadmeExampleTest.java"));
        String tested = source.substring(
                source.indexOf("// example\n") + "// example\n".length(), source.indexOf("// end of example"));
        String readme = Files.readString(root.resolve("docs/rollouts-and-rewards.md"));
        assertThat(words(readme)).contains(words(tested));
    }

    /** Without regard to line breaks and indentation. */
    private static String words(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining()).replace(" ", "");
    }
}
