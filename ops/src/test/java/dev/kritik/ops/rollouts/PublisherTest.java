/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

import dev.kritik.ops.SharedData;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

class PublisherTest {

    private static final String GROUP =
            "{\"query_id\":\"%s\",\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],\"responses\":[\"a\",\"b\"]}\n";

    private static final String SINGLE =
            "{\"group_id\":\"%s\",\"index\":%d,\"group_size\":%d,\"messages\":[{\"role\":\"u\",\"content\":\"q\"}],\"response\":\"a\"}\n";

    private final MockProducer<String, Rollout> producer = producer();

    private static MockProducer<String, Rollout> producer() {
        return new MockProducer<>(
                true,
                new RoundRobinPartitioner(),
                new StringSerializer(),
                new AvroSerializer<>(new InMemorySchemaRegistry(), Rollout.class));
    }

    private Report publish(byte[] file) throws IOException {
        return new Publisher(producer, "rollouts", new Defaults("job", null, null, null, null), InstantSource.system())
                .publish(new ByteArrayInputStream(file), line -> {});
    }

    private Report publish(String file) throws IOException {
        return publish(file.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void publishesGoodLinesAndNamesBadOnesByNumber() throws IOException {
        // Given
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(("\uFEFF" + GROUP.formatted("g1") + "\n{}\n").getBytes(StandardCharsets.UTF_8));
        file.writeBytes(new byte[] {'{', (byte) 0xff, '}', '\n'});
        file.writeBytes(GROUP.formatted("g2").strip().getBytes(StandardCharsets.UTF_8));

        // When
        Report report = publish(file.toByteArray());

        // Then
        assertThat(report.lines()).isEqualTo(4);
        assertThat(report.groups()).isEqualTo(2);
        assertThat(report.rollouts()).isEqualTo(4);
        assertThat(report.rejected()).extracting(Report.Rejected::line).containsExactly(3, 4);
        assertThat(report.rejected().get(1).reason()).isEqualTo("not UTF-8");
        assertThat(producer.history())
                .extracting(sent -> sent.key())
                .containsExactly("job/g1", "job/g1", "job/g2", "job/g2");
    }

    @Test
    void refusesMembersThatAreThereAlreadyAndGroupsThatContradictThemselves() throws IOException {
        // When
        Report report = publish(SINGLE.formatted("g", 1, 2)
                + SINGLE.formatted("g", 0, 2)
                + SINGLE.formatted("g", 1, 2)
                + SINGLE.formatted("g", 2, 3)
                + GROUP.formatted("g"));

        // Then
        assertThat(report.rollouts()).isEqualTo(2);
        assertThat(report.rejected()).extracting(Report.Rejected::line).containsExactly(3, 4, 5);
        assertThat(report.rejected().get(1).reason()).contains("2 members").contains("3 here");
    }

    @Test
    void stopsWhenKafkaTakesNothingMore() {
        // Given
        producer.sendException = new AuthenticationException("who are you?");

        // Then
        assertThatThrownBy(() -> publish(GROUP.formatted("g1") + GROUP.formatted("g2")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("after 0 rollouts")
                .hasMessageContaining("who are you?");
    }

    @Test
    void takesEveryQueryOfTheRealData() throws IOException {
        // Given
        Path file = SharedData.file("queries_main.jsonl");

        // When
        Report report = publish(Files.readAllBytes(file));

        // Then
        assertThat(report.rejected()).isEmpty();
        assertThat(report.groups()).isEqualTo(383);
    }
}
