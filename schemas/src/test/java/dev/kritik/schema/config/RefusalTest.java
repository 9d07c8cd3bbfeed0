/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

class RefusalTest {

    private static final KafkaSettings ALICE = KafkaSettings.from(
            Map.of(
                    "kafka.bootstrap.servers",
                    "broker:9093",
                    "kafka.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"alice\" password=\"s3cret\";"));

    @Test
    void aRefusalIsFoundAmongTheCausesAndNamesUserAndTopicButNoPassword() {
        // Given
        var failure = new KafkaException("outer", new TopicAuthorizationException(Set.of("rewards")));
        // When
        String message = Refusal.in(failure, ALICE).orElseThrow().message();
        // Then
        assertThat(message)
                .contains("user 'alice'", "[rewards]", "'kritik topics acls'")
                .doesNotContain("s3cret");
    }

    @Test
    void otherFailuresAreNone() {
        assertThat(Refusal.in(new KafkaException("outer", new TimeoutException("slow")), ALICE))
                .isEmpty();
    }

    @Test
    void withoutALoginTheUserHasNoName() {
        // Given
        KafkaSettings nobody = KafkaSettings.from(Map.of("kafka.bootstrap.servers", "broker:9092"));
        // When, then
        assertThat(Refusal.user(nobody)).isEqualTo("this user");
    }
}
