/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class JsonLinesSinkTest {

    @TempDir
    private Path folder;

    /** Writes rows 0 to 49 of two partitions, and gives up somewhere and goes on. */
    private Path write(String name, boolean zstd, int interruptedAt) throws IOException {
        Path to = Files.createDirectories(folder.resolve(name));
        long safeRow = 0;
        long safeAt = 0;
        for (int begin : new int[] {0, -1}) {
            try (JsonLinesSink sink = new JsonLinesSink(to, "rollouts", zstd, 4_000, begin == 0 ? 0 : safeAt)) {
                for (long i = safeRow; i < 100; i++) {
                    if (i == 50 && sink.end()) {
                        safeRow = i;
                        safeAt = sink.at();
                        sink.begin(1);
                    }
                    if (begin == 0 && i == interruptedAt) {
                        break;
                    }
                    if (sink.take(Rows.rollout((int) i / 50, i % 50))) {
                        safeRow = i + 1;
                        safeAt = sink.at();
                    }
                    if (i == 99) {
                        sink.end();
                        sink.finish();
                        return to.resolve("rollouts.jsonl" + (zstd ? ".zst" : ""));
                    }
                }
            }
        }
        throw new IllegalStateException("not finished");
    }

    @Test
    void aLineHoldsPlaceAndFieldsInOneOrderAndNumbersAsNumbers() throws IOException {
        // When
        String line = JsonLinesSink.line(Rows.rollout(3, 2));
        String reward = JsonLinesSink.line(Rows.reward());

        // Then
        assertThat(line)
                .startsWith(
                        "{\"topic\":\"t.rollouts\",\"partition\":3,\"offset\":2,\"timestamp_ms\":1002,\"job_id\":\"job\",")
                .contains("\"response_logprobs\":[-0.1,-1.0E-9,-123456.79]")
                .contains("\"label\":null")
                .contains("\"metadata\":{\"a\":\"a\\u20282\",\"finish_reason\"")
                .doesNotContain("\u2028");
        JsonNode read = new ObjectMapper().readTree(reward);
        assertThat(read.at("/members/0/reward").asDouble()).isEqualTo(0.1 + 0.2);
        assertThat(read.at("/members/1/reward").isNull()).isTrue();
        assertThat(read.at("/members/1/status").asText()).isEqualTo("MISSING");
        assertThat(read.at("/votes/0/scores/0/score").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 49, 50, 51, 77, 99})
    void goesOnWithTheSameBytesWhereverItWasInterrupted(int at) throws IOException {
        for (boolean zstd : new boolean[] {false, true}) {
            Path once = write("once-" + zstd + at, zstd, -1);
            Path twice = write("twice-" + zstd + at, zstd, at);
            assertThat(twice).hasSameBinaryContentAs(once);
        }
    }

    @Test
    void framesOfZstdAreTheSameLines() throws IOException {
        Path plain = write("plain", false, -1);
        try (InputStream in =
                new ZstdInputStream(Files.newInputStream(write("compressed", true, -1))).setContinuous(true)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(Files.readString(plain));
        }
    }

    @Test
    void aFileThatWasCutMeanwhileIsNoBeginning() throws IOException {
        Files.writeString(folder.resolve("rewards.jsonl.unfinished"), "12345");
        assertThatThrownBy(() -> new JsonLinesSink(folder, "rewards", false, 1, 6))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5 bytes instead of 6");
    }
}
