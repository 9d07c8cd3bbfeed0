/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.util.Map;

class RoleMetersTest {

    @Test
    void showsTheJvmAndFewOfTheManyFiguresOfAClient() {
        // Given: a producer that never finds a broker
        try (var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", "127.0.0.1:1", "client.id", "p"),
                        new StringSerializer(),
                        new StringSerializer());
                var meters = new RoleMeters("stream")) {
            assertThat(producer.metrics()).hasSizeGreaterThan(50);

            // When
            meters.add(new KafkaClientMetrics(producer));
            String scraped = meters.scrape();

            // Then
            assertThat(scraped)
                    .contains("jvm_memory_used_bytes", "process_cpu_usage", "jvm_gc_")
                    .contains("kafka_producer_record_error_total{client_id=\"p\"")
                    .doesNotContain("kafka_producer_batch_size_avg");
            assertThat(scraped.lines().filter(line -> line.startsWith("kafka_")))
                    .hasSizeBetween(5, 15);
        }
    }
}
