/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

class JsonLinesTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(JsonLinesTest.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream err = System.err;

    @AfterEach
    void restore() {
        System.setErr(err);
        Logging.format(LogFormat.TEXT);
    }

    private static List<String> logged(Runnable what) {
        var bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        what.run();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void writesEachEventAsOneObjectWithItsKeysAsFields() throws IOException {
        // Given
        Logging.format(LogFormat.JSON);

        // When
        List<String> lines = logged(() -> {
            LOGGER.atWarn()
                    .addKeyValue("group", "job/a \"quoted\"\ngroup\u00fc")
                    .addKeyValue("attempt", 3)
                    .addKeyValue("offset", 1L << 40)
                    .addKeyValue("share", 0.5)
                    .addKeyValue("nothing", Double.NaN)
                    .addKeyValue("last", true)
                    .addKeyValue("judge", (Object) null)
                    .addKeyValue("message", "of the key")
                    .addKeyValue("twice", 1)
                    .addKeyValue("twice", 2)
                    .log("it is {}", "so");
            LOGGER.atError().setCause(new IllegalStateException("broken")).log("failed");
        });

        // Then
        assertThat(lines).hasSize(2);
        JsonNode line = JSON.readTree(lines.getFirst());
        assertThat(Instant.parse(line.get("time").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.get("logger").asText()).isEqualTo(JsonLinesTest.class.getName());
        assertThat(line.get("thread").asText()).isEqualTo(Thread.currentThread().getName());
        assertThat(line.get("message").asText()).isEqualTo("it is so");
        assertThat(line.get("group").asText()).isEqualTo("job/a \"quoted\"\ngroup\u00fc");
        assertThat(line.get("attempt").isInt()).isTrue();
        assertThat(line.get("offset").asLong()).isEqualTo(1L << 40);
        assertThat(line.get("share").asDouble()).isEqualTo(0.5);
        assertThat(line.get("nothing").asText()).isEqualTo("NaN");
        assertThat(line.get("last").isBoolean()).isTrue();
        assertThat(line.get("judge").isNull()).isTrue();
        assertThat(line.get("message_").asText()).isEqualTo("of the key");
        assertThat(line.get("twice").asInt()).isEqualTo(2);
        JsonNode failure = JSON.readTree(lines.getLast());
        assertThat(failure.get("stackTrace").asText()).contains("IllegalStateException: broken", "JsonLinesTest");
    }

    @Test
    void anOptionChoosesTheFormatBeforeTheConfigurationIsRead() throws IOException {
        // When
        Cli wrong = Cli.run("config", "--log-format", "json", "--config", "/none");
        List<String> json =
                logged(() -> LOGGER.atWarn().addKeyValue("key", "value").log("said"));
        Cli right = Cli.run("config", "--log-format", "TEXT", "--json");
        List<String> text =
                logged(() -> LOGGER.atWarn().addKeyValue("key", "value").log("said"));
        Cli unknown = Cli.run("config", "--log-format", "xml");

        // Then
        assertThat(wrong.code()).isNotEqualTo(0);
        assertThat(JSON.readTree(json.getFirst()).get("key").asText()).isEqualTo("value");
        assertThat(right.code()).isZero();
        assertThat(text.getFirst()).endsWith("said key=\"value\"");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("--log-format", "xml");
    }
}
