/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.kritik.gateway.Instance.Reply;
import dev.kritik.schema.config.ConfigError;

/** The server around the protocols: token, limits, idle connections, metrics, closing. */
class ServerTest {

    private static final String GROUP = "{\"id\":\"q1\",\"prompt\":\"p\",\"responses\":[\"a\",\"b\"]}";

    private final FakeTopics topics = new FakeTopics();
    private Instance gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void onlyWhoShowsTheTokenMayAsk() {
        gateway = Instance.guarded(topics, "s3cret-token");
        assertThat(gateway.post("/v1/rewards", GROUP).status()).isIn(200, 202);

        for (String other : new String[] {null, "", "s3cret-toke", "s3cret-tokenn", "x"}) {
            gateway.show(other);
            Reply reply = gateway.post("/v1/rewards", GROUP);
            assertThat(reply.status()).as("%s", other).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(gateway.get("/v1/rewards/q1").status()).isEqualTo(401);
            assertThat(gateway.get("/metrics").status()).isEqualTo(401);
            assertThat(gateway.get("/openapi.json").status()).isEqualTo(401);
            assertThat(gateway.get("/health/live").status()).isEqualTo(200);
        }
        Reply lower = gateway.send(gateway.request("/v1/rewards/q1")
                .setHeader("Authorization", "bearer s3cret-token")
                .build());
        assertThat(lower.status()).isEqualTo(200);
    }

    @Test
    void bodiesAndHeadersAreLimited() throws IOException {
        gateway =
                Instance.start(topics, "gateway.http.max.body.bytes", "2000", "gateway.http.max.header.bytes", "2048");
        String large = GROUP.replace("\"p\"", "\"" + "p".repeat(2000) + "\"");

        Reply announced = gateway.post("/v1/rewards", large);
        Reply header = gateway.send(
                gateway.request("/health/live").header("X", "x".repeat(4000)).build());
        String chunked = raw("POST /v1/rewards HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nfa0\r\n" + "x".repeat(4000) + "\r\n0\r\n\r\n");

        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.json().get("detail").asText()).contains("2000");
        assertThat(header.status()).isEqualTo(431);
        assertThat(header.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(header.json().get("status").asInt()).isEqualTo(431);
        assertThat(chunked).startsWith("HTTP/1.1 413");
        assertThat(topics.written()).isEmpty();
        awaitNobody();
    }

    /** A place is free when the answer is written, which its reader may see a moment before. */
    private void awaitNobody() {
        await().untilAsserted(() -> {
            assertThat(gateway.server().callers()).isZero();
            assertThat(gateway.server().bytes()).isZero();
        });
    }

    /** The first line of the answer to these bytes. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), gateway.server().uri().getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
        }
    }

    @Test
    void strangeRequestsAreAnsweredInWords() throws IOException {
        gateway = Instance.start(topics);

        assertThat(gateway.get("/").status()).isEqualTo(404);
        assertThat(gateway.get("/").json().get("detail").asText()).contains("/v1/rewards");
        assertThat(gateway.get("/slime").status()).isEqualTo(405);
        assertThat(gateway.get("/v1/rewards/").status()).isEqualTo(404);
        assertThat(gateway.get("/v1/rewards/a/b").status()).isEqualTo(404);
        assertThat(gateway.get("/v1/rewards/..%2F..%2Fa").status()).isEqualTo(404);
        assertThat(gateway.get("/v1/rewards/%2e%2e").json().get("detail").asText())
                .contains("'..'");
        assertThat(gateway.send(gateway.request("/slime")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build())
                        .status())
                .isEqualTo(415);
        assertThat(gateway.send(gateway.request("/slime")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xff, '"'}))
                                .build())
                        .json()
                        .get("detail")
                        .asText())
                .contains("UTF-8");
        assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET /v1/rewards/%zz HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void whoWaitsForAJudgementIsNotIdleButASlowSenderIs() throws IOException {
        // Given
        gateway = Instance.start(topics, "gateway.http.idle.timeout.ms", "200");
        topics.stopJudging();

        // When: waits five times as long as a connection may be idle
        Reply waited = gateway.post("/v1/rewards?wait_s=1", GROUP);
        long begin = System.nanoTime();
        String slow = raw("POST /v1/rewards HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{");

        // Then
        assertThat(waited.status()).isEqualTo(202);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(slow == null || !slow.startsWith("HTTP/1.1 2")).isTrue();
        await().until(() -> gateway.server().callers() == 0);
    }

    @Test
    void moreCallersThanThereIsRoomForAreToldToComeBack() {
        // Given
        gateway = Instance.start(topics, "gateway.max.waiting", "2");
        topics.stopJudging();
        var first = gateway.postLater("/v1/rewards?wait_s=20", GROUP);
        var second = gateway.postLater("/v1/rewards?wait_s=20", GROUP);
        await().until(() -> gateway.server().callers() == 2);

        // When
        Reply third = gateway.post("/v1/rewards?wait_s=20", GROUP);
        Reply seed = gateway.post("/seed_session", "{}");
        topics.judgeAll();

        // Then
        assertThat(third.status()).isEqualTo(503);
        assertThat(seed.status()).as("has a body, too").isEqualTo(503);
        assertThat(third.header("Retry-After")).isEqualTo("1");
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(second.join().status()).isEqualTo(200);
        awaitNobody();
    }

    /** Whoever is hung up on while sending learns nothing; 20 MB are more than the system takes on the way. */
    @Test
    void whoIsRefusedBeforeAllIsSentGetsTheAnswer() throws IOException {
        // Given
        gateway = Instance.start(
                topics, "gateway.max.waiting", "1", "gateway.http.max.body.bytes", Integer.toString(20 << 20));
        topics.stopJudging();
        var waiting = gateway.postLater("/v1/rewards?wait_s=20", GROUP);
        await().until(() -> gateway.server().callers() == 1);
        String head = "POST /v1/rewards HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        String body = "x".repeat(20 << 20);

        // When
        String busy = raw(head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        String other = raw(head.replace("json", "xml") + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        String asks = raw(head + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");
        topics.judgeAll();

        // Then
        assertThat(busy).startsWith("HTTP/1.1 503");
        assertThat(other).startsWith("HTTP/1.1 415");
        assertThat(asks).as("nothing is to be sent first").startsWith("HTTP/1.1 503");
        assertThat(waiting.join().status()).isEqualTo(200);
        awaitNobody();
    }

    @Test
    void anAnswerThatNobodyFetchesTakesRoom() throws Exception {
        // Given
        gateway = Instance.start(topics, "gateway.http.max.body.bytes", Integer.toString(32 << 20));
        String body = "{\"responses_create_params\":{\"input\":\"p\"},\"response\":{\"output\":[]},\"pad\":\""
                + "x".repeat(24 << 20) + "\"}";
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1 << 16);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), gateway.server().uri().getPort()));

            // When: sends, and reads nothing
            socket.getOutputStream()
                    .write(("POST /verify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> !topics.judged().isEmpty() && gateway.ledger().waiting() == 0);

            // Then
            await().during(Duration.ofMillis(300)).until(() -> gateway.server().bytes() == body.length());
        }
        awaitNobody();
    }

    @Test
    void bodiesThatAreRepeatedInAnswersTakeRoomUntilThen() {
        // Given
        gateway = Instance.start(topics, "gateway.max.waiting.bytes", "1048576");
        topics.stopJudging();
        String rollout = """
                {"responses_create_params": {"input": "p%d"}, "response": {"output": []}, "pad": "%s"}""";
        var first = gateway.postLater("/verify", rollout.formatted(1, "x".repeat(800_000)));
        await().until(() -> gateway.ledger().waiting() == 1);

        // When
        Reply second = gateway.post("/verify", rollout.formatted(2, "x".repeat(800_000)));
        Reply small = gateway.post("/v1/rewards", GROUP);
        topics.judgeAll();

        // Then
        assertThat(second.status()).isEqualTo(503);
        assertThat(small.status()).isEqualTo(202);
        assertThat(first.join().status()).isEqualTo(200);
        awaitNobody();
    }

    @Test
    void whoWaitsWhenItClosesIsToldToAskAnother() {
        // Given
        gateway = Instance.start(topics);
        topics.stopJudging();
        var waiting = gateway.postLater("/slime", "{\"prompt\":\"p\",\"response\":\"r\",\"label\":null}");
        await().until(() -> gateway.ledger().waiting() == 1);

        // When
        gateway.server().stopAccepting();
        gateway.ledger().close();
        Reply told = waiting.join();
        Reply late = gateway.post("/v1/rewards", GROUP);

        // Then
        assertThat(told.status()).isEqualTo(503);
        assertThat(told.header("Retry-After")).isEqualTo("1");
        assertThat(late.status()).isEqualTo(503);
        assertThat(gateway.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void passesATraceOnAndNamesItInTheAnswer() {
        // Given
        gateway = Instance.start(topics);
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String parent = "00-" + trace + "-00f067aa0ba902b7-01";

        // When
        Reply traced = gateway.send(gateway.request("/v1/rewards?wait_s=60")
                .header("Content-Type", "application/json")
                .header("traceparent", parent)
                .header("tracestate", "a=1")
                .header("tracestate", "b=2")
                .POST(HttpRequest.BodyPublishers.ofString(GROUP))
                .build());
        Reply refused = gateway.send(gateway.request("/v1/nothing")
                .header("traceparent", parent)
                .GET()
                .build());
        Reply twice = gateway.send(gateway.request("/health/live")
                .header("traceparent", parent)
                .header("traceparent", parent)
                .GET()
                .build());

        // Then
        assertThat(topics.traces()).singleElement().satisfies(written -> {
            assertThat(written.traceId()).isEqualTo(trace);
            assertThat(written.spanId()).isNotEqualTo("00f067aa0ba902b7");
            assertThat(written.state()).isEqualTo("a=1,b=2");
            assertThat(traced.header("traceparent")).isEqualTo(written.parent());
            assertThat(traced.header("tracestate")).isEqualTo("a=1,b=2");
        });
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.header("traceparent")).startsWith("00-" + trace + "-");
        assertThat(twice.header("traceparent")).isNull();
        assertThat(gateway.get("/health/live").header("traceparent")).isNull();
    }

    @Test
    void countsWhatHappens() {
        gateway = Instance.start(topics);
        gateway.post("/v1/rewards", GROUP);
        gateway.post("/v1/rewards", GROUP);
        gateway.post("/v1/rewards", "{}");

        String metrics = gateway.get("/metrics").body();

        assertThat(metrics)
                .contains("kritik_gateway_submissions_total{kind=\"written\"} 1.0")
                .contains("kritik_gateway_submissions_total{kind=\"repeated\"} 1.0")
                .contains("kritik_gateway_requests_seconds_count{route=\"POST /v1/rewards\",status=\"400\"} 1")
                .contains("jvm_threads_live_threads");
    }

    @Test
    void anAddressInUseIsAnErrorThatNamesTheKey() {
        gateway = Instance.start(topics);
        int port = gateway.server().uri().getPort();

        assertThatThrownBy(() -> Instance.start(topics, "gateway.http.address", "127.0.0.1:" + port))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("gateway.http.address 127.0.0.1:" + port);
    }
}
