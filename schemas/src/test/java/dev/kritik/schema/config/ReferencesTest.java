/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class ReferencesTest {

    @TempDir
    private Path folder;

    @Test
    void putsInWhatStandsInTheEnvironmentAFileOrAFolder() throws IOException {
        // Given
        Files.writeString(folder.resolve("user"), "kritik\n");
        Path properties = Files.writeString(folder.resolve("all.properties"), "truststore = open sesame\n");

        // When
        Map<String, Object> client = read(
                Map.of(
                        "kafka.client.id", "${dir:" + folder + ":user}-1",
                        "kafka.ssl.truststore.password", "${file:" + properties + ":truststore}",
                        "kafka.ssl.key.password", "${env:KEY}"),
                Map.of("KEY", "of the key"));

        // Then
        assertThat(client)
                .containsEntry("client.id", "kritik-1")
                .containsEntry("ssl.truststore.password", "open sesame")
                .containsEntry("ssl.key.password", "of the key");
    }

    @Test
    void takesAnyPasswordBetweenTheQuotesOfALoginModule() {
        String module = "Module required username=\"u\" password=\"${env:PW}\";";
        assertThat(read(Map.of("kafka.sasl.jaas.config", module), Map.of("PW", "a\"b\\c$1")))
                .containsEntry("sasl.jaas.config", "Module required username=\"u\" password=\"a\\\"b\\\\c$1\";");
        // a reference to the whole text is that text
        assertThat(read(Map.of("kafka.sasl.jaas.config", "${env:ALL}"), Map.of("ALL", "Module required x=\"y\";")))
                .containsEntry("sasl.jaas.config", "Module required x=\"y\";");
    }

    @Test
    void namesKeyAndReferenceThatLeadsNowhereAndNoValue() throws IOException {
        Path properties = Files.writeString(folder.resolve("all.properties"), "other=s3cret\n");
        for (String reference : new String[] {
            "${env:ABSENT}",
            "${dir:" + folder + ":absent}",
            "${dir:/not/there:absent}",
            "${file:" + properties + ":absent}",
            "${file:/not/there:absent}",
            "${evn:ABSENT}"
        }) {
            assertThatThrownBy(
                            () -> read(Map.of("kafka.ssl.key.password", "x" + reference), Map.of("PRESENT", "s3cret")))
                    .isInstanceOf(ConfigError.class)
                    .hasMessageContainingAll("kafka.ssl.key.password", reference)
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void leavesProvidersOfKafkasClientsToThem() {
        assertThat(read(
                        Map.of(
                                "kafka.config.providers", "vault, env",
                                "kafka.ssl.key.password", "${vault:a:b}${env:KEY}"),
                        Map.of("KEY", "s3cret")))
                .containsEntry("ssl.key.password", "${vault:a:b}${env:KEY}");
    }

    private static Map<String, Object> read(Map<String, String> keys, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(keys);
        all.put("kafka.bootstrap.servers", "a:9092");
        return KafkaSettings.from(all, environment).client();
    }
}
