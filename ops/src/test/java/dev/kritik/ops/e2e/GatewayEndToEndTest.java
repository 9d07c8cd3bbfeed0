/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.kritik.gateway.Gateway;
import dev.kritik.ops.MetersTable;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.TraceContext;

/** Two gateways on a real broker, with stream application, worker and a judge that draws scores. */
class GatewayEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern EXAMPLES =
            Pattern.compile("<!-- GatewayEndToEndTest runs these -->\\n```sh\\n(.*?)```", Pattern.DOTALL);

    private static Installation installation;
    private static RecordedJudge judge;
    private static Gateway one;
    private static Gateway other;

    @BeforeAll
    static void start() {
        installation = new Installation(Map.of("stream.k", "2", "gateway.http.address", "127.0.0.1:0"));
        judge = installation.judge(JudgeOptions.of(new SeededScores()));
        installation.stream();
        installation.worker(judge.url().toString(), SeededScores.MODEL, Map.of());
        one = gateway();
        other = gateway();
    }

    private static Gateway gateway() {
        Gateway gateway = new Gateway(installation.config());
        gateway.start();
        assertThat(gateway.ready()).isTrue();
        return gateway;
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        installation.close();
    }

    private static CompletableFuture<HttpResponse<String>> post(Gateway to, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(to.uri().resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return CLIENT.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(Gateway from, String path) {
        URI uri = from.uri().resolve(path);
        return CLIENT.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .join();
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Test
    void aRequestThatIsRepeatedTenTimesWithoutAnIdCausesOneJudgement() throws IOException {
        // Given
        long before = judge.stats().requests();
        String body = "{\"job_id\":\"repeated\",\"prompt\":\"2+2?\",\"responses\":[\"4\",\"5\"]}";

        // When: five times at each instance
        List<HttpResponse<String>> replies = IntStream.range(0, 10)
                .mapToObj(i -> post(i % 2 == 0 ? one : other, "/v1/rewards?wait_s=60", body))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        // Then
        assertThat(replies).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(replies)
                .extracting(HttpResponse::body)
                .containsOnly(replies.getFirst().body());
        assertThat(json(replies.getFirst()).get("status").asText()).isEqualTo("OK");
        assertThat(judge.stats().requests() - before).as("k samples").isEqualTo(2);
        assertThat(installation.client().rewards().keySet().stream().filter(key -> key.startsWith("repeated/")))
                .hasSize(1);
    }

    @Test
    void anyInstanceAnswersForAnyIdAlsoOneThatStartsLater() throws Exception {
        // When
        HttpResponse<String> posted = post(
                        one,
                        "/v1/rewards",
                        "{\"id\":\"q/1\",\"prompt\":\"2+2?\",\"responses\":[\"4\",\"5\",\"5\"],\"goal\":\"best\",\"k\":6}")
                .join();
        HttpResponse<String> there =
                get(other, posted.headers().firstValue("Location").orElse("/none") + "?wait_s=60");
        HttpResponse<String> later;
        try (Gateway third = gateway()) {
            later = get(third, "/v1/rewards/q%2F1");
        }

        // Then
        assertThat(posted.statusCode()).isEqualTo(202);
        assertThat(there.statusCode()).isEqualTo(200);
        assertThat(json(there).get("rewards")).hasSize(3);
        assertThat(json(there).get("goal").asText()).isEqualTo("best");
        assertThat(json(there).at("/judge/k").asInt()).isEqualTo(6);
        assertThat(json(there).get("samples_spent").asInt()).isBetween(1, 6);
        assertThat(json(later)).isEqualTo(json(there));
        assertThat(get(other, "/v1/rewards/never").statusCode()).isEqualTo(404);
    }

    @Test
    void aTraceGoesFromTheRequestThroughAllTopicsToTheReward() {
        // Given
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String parent = "00-" + trace + "-00f067aa0ba902b7-01";

        // When
        HttpResponse<String> reply = CLIENT.sendAsync(
                        HttpRequest.newBuilder(one.uri().resolve("/v1/rewards?wait_s=60"))
                                .header("Content-Type", "application/json")
                                .header("traceparent", parent)
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"id\":\"traced\",\"prompt\":\"2+2?\",\"responses\":[\"4\",\"5\"]}"))
                                .build(),
                        BodyHandlers.ofString())
                .join();

        // Then
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("traceparent"))
                .hasValueSatisfying(mine -> assertThat(mine).startsWith("00-" + trace));
        Map<String, List<TraceContext>> hops = installation.client().traces("/traced");
        assertThat(hops.keySet()).containsExactly("critique-requests", "critiques", "rewards", "rollouts");
        assertThat(hops.values())
                .allSatisfy(each -> assertThat(each)
                        .allSatisfy(hop -> assertThat(hop.traceId()).isEqualTo(trace)));
        List<String> spans = hops.values().stream()
                .flatMap(each -> each.stream().map(TraceContext::spanId).distinct())
                .toList();
        assertThat(spans).hasSizeGreaterThanOrEqualTo(5).doesNotHaveDuplicates().doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void eachRoleSaysThatItIsReadyAndServesOnlyFiguresOfTheTable() throws IOException {
        // Given: something of everything
        post(one, "/v1/rewards?wait_s=60", "{\"prompt\":\"figures\",\"responses\":[\"4\",\"5\"]}")
                .join();

        for (URI role : List.of(installation.telemetryOf("stream"), installation.telemetryOf("worker"), one.uri())) {
            // When
            HttpResponse<String> ready = get(role.resolve("/health/ready"));
            HttpResponse<String> live = get(role.resolve("/health/live"));
            String figures = get(role.resolve("/metrics")).body();

            // Then
            assertThat(ready.body()).isEqualTo("ready\n");
            assertThat(live.body()).isEqualTo("live\n");
            MetersTable.read().assertKnows(figures);
            assertThat(figures.lines().filter(line -> line.startsWith("kritik_")))
                    .hasSizeGreaterThan(5);
            assertThat(figures.lines()).as("series of %s", role).hasSizeLessThan(500);
        }
        assertThat(get(installation.telemetryOf("stream").resolve("/metrics")).body())
                .contains("kritik_ready{role=\"stream\"} 1.0", "kritik_stream_tasks{kind=\"active\"} 2.0")
                .contains("kafka_stream_thread_process_total", "kritik_reward_latency_seconds_bucket{le=\"0.5\"}");
        assertThat(get(installation.telemetryOf("worker").resolve("/metrics")).body())
                .contains("kritik_ready{role=\"worker\"} 1.0", "kritik_worker_judge_up{judge=\"none\"} 1.0")
                .contains("kafka_producer_record_send_total", "kritik_worker_deliveries_total{delivery=\"1\"}");
        assertThat(get(one, "/metrics").body())
                .contains("kritik_ready{role=\"gateway\"} 1.0", "jvm_gc_", "kafka_producer_record_send_total");
    }

    private static HttpResponse<String> get(URI uri) {
        return CLIENT.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .join();
    }

    @Test
    void ofTwoContentsUnderOneIdAtTwoInstancesAtMostOneIsJudged() throws IOException {
        // When
        var first = post(one, "/v1/rewards?wait_s=60", "{\"id\":\"race\",\"prompt\":\"2+2?\",\"responses\":[\"4\"]}");
        var second =
                post(other, "/v1/rewards?wait_s=60", "{\"id\":\"race\",\"prompt\":\"2+2?\",\"responses\":[\"5\"]}");

        // Then
        assertThat(List.of(first.join().statusCode(), second.join().statusCode()))
                .containsExactlyInAnyOrder(200, 409);
        HttpResponse<String> won = first.join().statusCode() == 200 ? first.join() : second.join();
        assertThat(json(get(one, "/v1/rewards/race"))).isEqualTo(json(won));
    }

    @Test
    void rolloutsOfNemoGymMeetAcrossInstances() throws Exception {
        // Given
        Map<String, String> grouped = new HashMap<>(installation.config());
        grouped.put("gateway.nemo.group.size", "2");
        String rollout = """
                {"_ng_group_id": "g1", "_ng_rollout_index": %d, "responses_create_params": {"input": "2+2?"},
                 "response": {"output": [{"type": "message", "content": [{"type": "output_text", "text": "%s"}]}]}}""";
        try (Gateway left = new Gateway(grouped);
                Gateway right = new Gateway(grouped)) {
            left.start();
            right.start();

            // When
            var zero = post(left, "/verify", rollout.formatted(0, "four"));
            var first = post(right, "/verify", rollout.formatted(1, "five"));

            // Then
            assertThat(json(zero.join()).get("reward").asDouble()).isBetween(1.0, 10.0);
            assertThat(json(first.join()).get("reward").asDouble()).isBetween(1.0, 10.0);
            assertThat(json(get(left, "/v1/rewards/g1")).get("rewards")).hasSize(2);
        }
    }

    @Test
    void theDocumentedRequestsWorkAsWritten() throws Exception {
        // Given
        assumeTrue(hasCurl(), "curl is not installed");
        String readme = Files.readString(Path.of(System.getProperty("kritik.root"), "docs", "rollouts-and-rewards.md"));
        List<String> commands = new ArrayList<>();
        Matcher blocks = EXAMPLES.matcher(readme);
        while (blocks.find()) {
            commands.addAll(List.of(blocks.group(1).split("(?m)^(?=curl )")));
        }
        commands.removeIf(command -> !command.startsWith("curl "));
        assertThat(commands).hasSizeGreaterThanOrEqualTo(7);

        // When, then
        for (String command : commands) {
            String answer =
                    shell(command.replace("http://127.0.0.1:8380", one.uri().toString()));
            JsonNode json = JSON.readTree(answer);
            List<JsonNode> rewards = json.isObject() && json.has("reward")
                    ? List.of(json.get("reward"))
                    : json.isNumber() ? List.of(json) : numbers(json.isArray() ? json : json.path("rewards"));
            assertThat(rewards)
                    .as("%s%n%s", command, answer)
                    .isNotEmpty()
                    .allSatisfy(reward -> assertThat(reward.isNumber() && reward.asDouble() >= 1)
                            .isTrue());
        }
    }

    private static List<JsonNode> numbers(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private static boolean hasCurl() {
        try {
            return shell("curl --version").startsWith("curl");
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    @Test
    void aGatewayThatClosesTellsItsCallers() {
        // Given: members that never come
        Map<String, String> grouped = new HashMap<>(installation.config());
        grouped.put("gateway.nemo.group.size", "2");
        Gateway closing = new Gateway(grouped);
        closing.start();
        var waiting = post(closing, "/verify", """
                {"_ng_group_id": "g2", "_ng_rollout_index": 0, "responses_create_params": {"input": "2+2?"}, "response": {"output": []}}""");
        await().until(() -> get(other, "/v1/rewards/g2").statusCode() == 202);

        // When
        closing.close();

        // Then
        assertThat(waiting.join().statusCode()).isEqualTo(503);
        assertThat(closing.stopped().toCompletableFuture()).isDone();
    }
}
