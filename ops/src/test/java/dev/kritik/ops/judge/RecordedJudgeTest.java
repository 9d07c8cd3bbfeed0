/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class RecordedJudgeTest {

    private static final String TEXTS =
            "{\"query_id\":\"q\",\"texts\":[{\"text\":\"Specific Criteria: c. Analysis: a. Scores: \\\\boxed{7}\",\"meta_logit\":-2.25}]}";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();

    private RecordedJudge judge;
    private Asking asking;

    private void start(JudgeOptions options) throws IOException {
        judge = RecordedJudge.start(options);
        asking = new Asking(judge);
        open.addAll(List.of(judge, asking));
    }

    private static JudgeOptions options() throws IOException {
        return JudgeOptions.of(RecordedTexts.read("test", new BufferedReader(new StringReader(TEXTS))));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        threads.shutdownNow();
    }

    @Test
    void speaksTheChatApiAndSaysThatNoModelAnswers() throws Exception {
        // Given
        start(options());

        // When
        JsonNode answer = Asking.json(asking.chat("j/q/0/p0/s0/t1", "some-model", "?"));

        // Then
        assertThat(answer.at("/choices/0/message/content").asText()).endsWith("\\boxed{7}");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/model").asText()).isEqualTo("some-model");
        assertThat(answer.at("/system_fingerprint").asText()).contains("recorded");
        assertThat(answer.has("usage")).as("no tokens are on record").isFalse();
        assertThat(asking.get("/v1/models").at("/data/0/owned_by").asText()).contains("recorded");
        assertThat(asking.get("/health").at("/judge").asText()).contains("no model");
        assertThat(judge.stats().of(Outcome.ANSWERED)).isEqualTo(1);
        assertThat(asking.get("/stats").at("/outcomes/ANSWERED").asInt()).isEqualTo(1);
    }

    @Test
    void speaksTheClassificationApiForTheMetaRm() throws Exception {
        // Given
        start(options());

        // When
        var answer = Asking.json(asking.post(
                "/classify",
                "j/q/0/p0/s0",
                Map.of("model", "meta", "input", "whatever", "use_activation", false),
                Duration.ofSeconds(20)));

        // Then
        assertThat(answer.at("/data/0/probs/0").asDouble()).isEqualTo(-2.25);
    }

    @Test
    void refusesRequestsThatItCannotServe() throws Exception {
        start(options());

        assertThat(asking.post("/v1/chat/completions", "x", "no object", Duration.ofSeconds(20))
                        .statusCode())
                .isEqualTo(400);
        assertThat(asking.post(
                                "/v1/chat/completions",
                                "x",
                                Map.of("stream", true, "messages", List.of(Map.of("content", "a"))),
                                Duration.ofSeconds(20))
                        .body())
                .contains("does not stream");
        assertThat(asking.chat("j/other/0/p0/s0/t1", "m", "?").statusCode()).isEqualTo(404);
        assertThat(asking.post("/v1/completions", "x", Map.of(), Duration.ofSeconds(20))
                        .body())
                .contains("/v1/chat/completions");
    }

    @Test
    void rateLimitsWithRetryAfter() throws Exception {
        // Given
        start(options().faults(Faults.parse("429=1")));

        // When
        HttpResponse<String> answer = asking.chat("j/q/0/p0/s0/t1", "m", "?");

        // Then
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(judge.stats().of(Outcome.RATE_LIMITED)).isEqualTo(1);
    }

    @Test
    void servesErrorsTruncatedAndUnparsableTexts() throws Exception {
        start(options().faults(Faults.parse("500=1")));
        assertThat(asking.chat("j/q/0/p0/s0/t1", "m", "?").statusCode()).isEqualTo(500);

        start(options().faults(Faults.parse("truncated=1")));
        HttpResponse<String> cut = asking.chat("j/q/0/p0/s0/t1", "m", "?");
        assertThat(Asking.json(cut).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(Asking.text(cut)).startsWith("Specific").doesNotContain("boxed");

        start(options().faults(Faults.parse("unparsable=1")));
        assertThat(Asking.text(asking.chat("j/q/0/p0/s0/t1", "m", "?"))).doesNotContain("{7}");
    }

    @Test
    void dropsConnectionsAndHangs() throws Exception {
        start(options().faults(Faults.parse("dropped=1")));
        assertThatThrownBy(() -> asking.chat("j/q/0/p0/s0/t1", "m", "?"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);

        start(options().faults(Faults.parse("hang=1")));
        assertThatThrownBy(() -> asking.chat("j/q/0/p0/s0/t1", "m", "?", Duration.ofSeconds(2)))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(judge.stats().of(Outcome.HANG)).isEqualTo(1);
    }

    @Test
    void aRequestThatComesAgainAfterAFaultGetsANewChanceAndTheRunCanBeRepeated() throws Exception {
        List<List<Integer>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            start(options().faults(Faults.parse("500=0.5")));
            List<Integer> statuses = new ArrayList<>();
            for (int sample = 0; sample < 20; sample++) {
                int status = 0;
                while (status != 200) {
                    status =
                            asking.chat("j/q/0/p0/s" + sample + "/t1", "m", "?").statusCode();
                    statuses.add(status);
                }
            }
            runs.add(statuses);
        }

        assertThat(runs.get(0)).contains(500).isEqualTo(runs.get(1));
    }

    @Test
    void turnsRequestsAwayWhenItsPlacesAndItsQueueAreFull() throws Exception {
        // Given
        start(options()
                .latency(new Latency.Fixed(Duration.ofMinutes(1).toMillis()))
                .bounds(2, 3));
        askFromManyThreads(5);
        await().until(() -> judge.stats().inService() == 2 && judge.stats().waiting() == 3);

        // When
        HttpResponse<String> answer = asking.chat("j/q/0/p0/s5/t1", "m", "?");

        // Then
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(judge.stats().of(Outcome.QUEUE_FULL)).isEqualTo(1);
    }

    @Test
    void servesNoMoreAtOnceThanItsCapacityAndAllInTheEnd() throws Exception {
        // Given
        start(options().latency(new Latency.Fixed(5)).bounds(2, 100));

        // When
        List<Future<HttpResponse<String>>> answers = askFromManyThreads(30);

        // Then
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        assertThat(judge.stats().mostInService()).isEqualTo(2);
        assertThat(judge.stats().of(Outcome.ANSWERED)).isEqualTo(30);
    }

    private List<Future<HttpResponse<String>>> askFromManyThreads(int requests) {
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        for (int sample = 0; sample < requests; sample++) {
            String id = "j/q/0/p0/s" + sample + "/t1";
            Callable<HttpResponse<String>> ask = () -> asking.chat(id, "m", "?", Duration.ofMinutes(2));
            answers.add(threads.submit(ask));
        }
        return answers;
    }

    @Test
    void canBeToldToBehaveOtherwiseWhileItRuns() throws Exception {
        // Given
        start(options());
        assertThat(asking.chat("j/q/0/p0/s0/t1", "m", "?").statusCode()).isEqualTo(200);

        // When
        judge.change(Latency.NONE, Faults.parse("429=1"));

        // Then
        assertThat(asking.chat("j/q/0/p0/s1/t1", "m", "?").statusCode()).isEqualTo(429);
        judge.change(Latency.NONE, Faults.parse("unparsable=1"));
        assertThat(Asking.text(asking.chat("j/q/0/p0/s2/t1", "m", "?"))).doesNotContain("{7}");
        judge.restore();
        assertThat(asking.chat("j/q/0/p0/s3/t1", "m", "?").statusCode()).isEqualTo(200);
    }
}
