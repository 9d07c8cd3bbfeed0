/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import static dev.kritik.worker.http.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.kritik.schema.Message;
import dev.kritik.worker.http.FaultyServer;
import dev.kritik.worker.judge.JudgeException;

@Timeout(60)
class VllmMetaRmTest {

    private FaultyServer server;
    private MetaRm meta;

    @BeforeEach
    void start() throws IOException {
        server =
                new FaultyServer().then(json(200, "{\"data\":[{\"index\":0,\"probs\":[-15.7781],\"num_classes\":1}]}"));
        meta = MetaRms.open(
                        MetaConfig.from(Map.of(
                                "worker.meta", "vllm", "meta.vllm.url", server.url(), "meta.vllm.model", "meta-1")),
                        Map.<String, String>of()::get)
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        meta.close();
        server.close();
    }

    private double score() throws Exception {
        return meta.score(new MetaRm.Sample(
                        "id",
                        List.of(new Message("user", "What is 6 times 7?")),
                        List.of("pear", "apple"),
                        "<think>hm</think>Scores: \\boxed{1, 9}",
                        Instant.now().plusSeconds(30)))
                .get();
    }

    @Test
    void asksForTheRawLogitOfTheSampleAsItWasShown() throws Exception {
        assertThat(score()).isEqualTo(-15.7781);

        FaultyServer.Seen seen = server.seen().getFirst();
        assertThat(seen.path()).isEqualTo("/classify");
        assertThat(seen.body().path("model").textValue()).isEqualTo("meta-1");
        assertThat(seen.body().path("use_activation").booleanValue()).isFalse();
        assertThat(seen.body().path("use_activation").isBoolean()).isTrue();
        assertThat(seen.body().at("/messages/0/role").textValue()).isEqualTo("user");
        assertThat(seen.body().at("/messages/0/content").textValue())
                .containsSubsequence("What is 6 times 7?", "pear", "apple");
        assertThat(seen.body().at("/messages/1/role").textValue()).isEqualTo("assistant");
        assertThat(seen.body().at("/messages/1/content").textValue()).isEqualTo("Scores: \\boxed{1, 9}");
        assertThat(meta.model()).isEqualTo("meta-1");
    }

    @Test
    void takesNoLogitFromAModelWithSeveralLabels() {
        server.first(json(200, "{\"data\":[{\"probs\":[0.1,0.9]}]}"));

        assertThatThrownBy(this::score)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        JudgeException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("2 labels");
    }

    @Test
    void takesNoLogitFromBrokenAnswers() {
        server.first(
                json(200, "{}"),
                json(200, "{\"data\":[{\"probs\":[\"NaN\"]}]}"),
                json(200, "{\"data\":[{\"probs\":[1e999]}]}"),
                json(500, "{}"));

        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(this::score)
                    .cause()
                    .isInstanceOfSatisfying(
                            JudgeException.class, e -> assertThat(e.retryable()).isTrue());
        }
    }

    @Test
    void waitsForAServerThatIsBusy() throws Exception {
        server.first(json(503, "{}", "Retry-After", "0"));

        assertThat(score()).isEqualTo(-15.7781);
    }
}
