/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

class VisitTest {

    private static final String BODY = """
            {"model":"seeded-scores","messages":[{"role":"user","content":"<<<BEGIN RESPONSE 1 abc>>>\\nx"}]}""";

    @Test
    void theJudgeTellsWhenEachRequestCameAndHowLongItWaited() throws Exception {
        // Given: one place, 60 ms for each answer
        List<Visit> visits = new CopyOnWriteArrayList<>();
        JudgeOptions options = JudgeOptions.of(new SeededScores())
                .latency(new Latency.Fixed(60))
                .bounds(1, 10);
        try (RecordedJudge judge = RecordedJudge.start(options, visits::add);
                HttpClient client = HttpClient.newHttpClient()) {
            // When
            List<CompletableFuture<HttpResponse<String>>> answers =
                    List.of(ask(client, judge.url(), "a"), ask(client, judge.url(), "b"));
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }

            // Then
            await().until(() -> visits.size() == 2);
            Visit first = visits.get(0);
            Visit second = visits.get(1);
            assertThat(List.of(first.requestId(), second.requestId())).containsExactlyInAnyOrder("a", "b");
            assertThat(visits).extracting(Visit::outcome).containsOnly(Outcome.ANSWERED);
            assertThat(second.begunNs()).isGreaterThanOrEqualTo(first.leftNs());
            assertThat(first.leftNs() - first.begunNs()).isGreaterThanOrEqualTo(60_000_000L);
            assertThat(second.arrivedNs()).isLessThan(second.begunNs());
        }
    }

    private static CompletableFuture<HttpResponse<String>> ask(HttpClient client, URI url, String id) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void meansAreThoseOfWhatIsDrawn() {
        for (Latency latency :
                List.of(new Latency.Fixed(7), new Latency.Uniform(10, 30), new Latency.LogNormal(250, 2000))) {
            double sum = 0;
            for (int i = 0; i < 20_000; i++) {
                sum += latency.millis(Draws.of(1, "request " + i, 0));
            }
            assertThat(sum / 20_000)
                    .as(latency.toString())
                    .isCloseTo(latency.meanMs(), within(0.05 * latency.meanMs()));
        }
    }
}
