/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Secret;
import dev.kritik.telemetry.Health;

@Timeout(60)
class DashboardServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "sesame-4711";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeInstallation fake = new FakeInstallation(3);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private DashboardServer server;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        server.close();
        client.close();
    }

    private void start(Optional<String> token, int clients) {
        fake.happened(20, System.currentTimeMillis(), 600_000);
        server = server(
                new WebConfig(new Address("127.0.0.1", 0), token.map(Secret::new), List.of("dash.example"), clients));
        server.start();
    }

    private DashboardServer server(WebConfig config) {
        return new DashboardServer(config, fake.watch, fake, well(), () -> "kritik_x 1\n", InstantSource.system());
    }

    private static Health well() {
        return new Health() {
            @Override
            public Optional<String> dead() {
                return Optional.empty();
            }

            @Override
            public Optional<String> idle() {
                return Optional.of("still reads");
            }
        };
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** A request with any Host header, which Java's client does not send. */
    private String raw(String request) throws Exception {
        try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.uri().getPort());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyAnswerKeepsThePageToItself() throws Exception {
        // Given
        start(Optional.empty(), 5);

        // Then
        for (String path :
                List.of("/", "/group?job=a&group=b", "/static/app.js", "/api/overview", "/nothing", "/login")) {
            var headers = get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
            assertThat(headers.firstValue("X-Frame-Options")).as(path).contains("DENY");
            assertThat(headers.firstValue("Referrer-Policy")).as(path).contains("no-referrer");
        }
    }

    @Test
    void everyFileOfThePageIsThereAndNoOther() throws Exception {
        // Given
        start(Optional.empty(), 5);
        String page = get("/").body();

        // Then
        assertThat(page).contains("/static/app.js").doesNotContain("http://", "https://");
        for (String name : List.of("style.css", "app.js", "chart.js", "group.js", "icon.svg")) {
            HttpResponse<String> file = get("/static/" + name);
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            String tag = file.headers().firstValue("ETag").orElseThrow();
            assertThat(get("/static/" + name, "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
        }
        assertThat(raw("GET /static/../Api.class HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .doesNotContain("200 OK");
        assertThat(get("/static/%2e%2e/Api.class").statusCode()).isBetween(400, 404);
        assertThat(get("/static/login.htm").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyNamesOfThisServerAreAnsweredWithoutAToken() throws Exception {
        // Given
        start(Optional.empty(), 5);
        String request = "GET /api/overview HTTP/1.1\r\nConnection: close\r\nHost: ";

        // Then
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8390")) {
            assertThat(raw(request + host + "\r\n\r\n"))
                    .as(host)
                    .contains("421")
                    .doesNotContain("windowMs");
        }
        for (String host : List.of("localhost", "LOCALHOST:1", "127.0.0.1:8390", "[::1]:8390", "dash.example")) {
            assertThat(raw(request + host + "\r\n\r\n")).as(host).contains("200 OK", "windowMs");
        }
    }

    @Test
    void withATokenNothingIsShownWithoutIt() throws Exception {
        // Given
        start(Optional.of(TOKEN), 5);

        // Then
        for (String path : List.of("/api/overview", "/api/groups", "/api/stream", "/metrics", "/api/nothing")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(get(path, "Authorization", "Bearer wrong").statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(get(path, "Cookie", Guard.COOKIE + "=" + TOKEN).statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(get("/groups").headers().firstValue("Location")).contains("/login");
        assertThat(get("/api/groups", "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(200);
        assertThat(get("/metrics", "Authorization", "Bearer " + TOKEN).body()).contains("kritik_x 1");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void theLoginFormAndALinkWithTheTokenGiveACookieThatNoScriptAndNoOtherSiteCanUse() throws Exception {
        // Given
        start(Optional.of(TOKEN), 5);

        // When
        HttpResponse<String> wrong = login("open");
        HttpResponse<String> right = login(TOKEN);
        HttpResponse<String> link = get("/groups?token=" + TOKEN);

        // Then
        assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(wrong.headers().firstValue("Location")).contains("/login?wrong");
        for (HttpResponse<String> answer : List.of(right, link)) {
            String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
            assertThat(answer.headers().firstValue("Location").orElseThrow()).doesNotContain(TOKEN);
            String shown = cookie.substring(0, cookie.indexOf(';'));
            assertThat(get("/api/overview", "Cookie", shown).statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<String> login(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void aGroupIsShownWithEachSampleAndHowItWasCounted() throws Exception {
        // Given
        start(Optional.empty(), 5);
        JsonNode listed = json("/api/groups?status=OK&limit=1").path("groups").get(0);

        // When
        JsonNode group = json(
                "/api/group?job=run-7&group=" + listed.path("id").path("group").asText());

        // Then
        assertThat(group.path("responses")).hasSize(4);
        assertThat(group.path("samples")).hasSize(4);
        assertThat(group.path("samples")
                        .get(0)
                        .path("scores")
                        .get(0)
                        .path("kept")
                        .asBoolean(true))
                .isFalse();
        assertThat(group.path("samples")
                        .get(3)
                        .path("scores")
                        .get(0)
                        .path("kept")
                        .asBoolean(false))
                .isTrue();
        assertThat(group.path("samples").get(3).path("text").asText())
                .contains("Specific Criteria", FakeInstallation.ATTACK);
        assertThat(group.path("responses").get(0).path("rank").isInt()).isTrue();
        assertThat(group.path("trace").asText()).startsWith("00-");
    }

    @Test
    void badParametersAndUnknownGroupsAreExplained() throws Exception {
        // Given
        start(Optional.empty(), 5);

        // Then
        assertThat(get("/api/group?job=a").statusCode()).isEqualTo(400);
        assertThat(get("/api/group?job=a").body()).contains("'group' is missing");
        assertThat(get("/api/groups?limit=x").statusCode()).isEqualTo(400);
        assertThat(get("/api/groups?limit=0").statusCode()).isEqualTo(400);
        assertThat(get("/api/groups?order=sideways").body()).contains("NEWEST");
        assertThat(get("/api/group?job=a&group=b").statusCode()).isEqualTo(404);
        assertThat(get("/api/group?job=a&group=b").body()).contains("dashboard.window.ms");
    }

    @Test
    void bytesOfADeadLetterComeOnlyWhenAskedFor() throws Exception {
        // Given
        start(Optional.empty(), 5);

        // Then
        assertThat(json("/api/dead-letters").path("deadLetters")).hasSize(4);
        assertThat(json("/api/dead-letters?reason=UNDECODABLE").path("deadLetters"))
                .hasSize(2);
        assertThat(json("/api/dead-letter?partition=0&offset=1").has("value")).isFalse();
        assertThat(json("/api/dead-letter?partition=0&offset=1&payload=true")
                        .path("value")
                        .path("text")
                        .asText())
                .contains("not a rollout");
    }

    @Test
    void updatesComeByThemselvesAndPagesThatLeaveAreForgotten() throws Exception {
        // Given
        start(Optional.empty(), 2);
        BufferedReader events = stream();

        // When
        String first = next(events);
        fake.group("later", System.currentTimeMillis() - 1_000, System.currentTimeMillis(), true);
        String second = next(events);
        while (!second.contains("later")) {
            second = next(events);
        }

        // Then
        assertThat(first).contains("event: full", "\"slices\":[{");
        assertThat(second).contains("event: delta", "later");
        assertThat(JSON.readTree(data(second)).path("slices").size()).isLessThan(5);
        assertThat(stream()).isNotNull();
        assertThat(get("/api/stream").statusCode()).isEqualTo(503);

        // When
        for (AutoCloseable one : open) {
            one.close();
        }

        // Then
        await().atMost(PATIENCE).until(() -> server.clients() == 0);
    }

    private BufferedReader stream() throws Exception {
        HttpResponse<InputStream> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + "/api/stream")).build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        open.add(answer.body());
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader events) throws Exception {
        StringBuilder event = new StringBuilder();
        for (String line = events.readLine(); line != null && !line.isEmpty(); line = events.readLine()) {
            event.append(line).append('\n');
        }
        return event.toString();
    }

    private static String data(String event) {
        return event.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .collect(Collectors.joining());
    }

    @Test
    void aPageThatTakesNoUpdatesDoesNotHoldUpTheOthers() throws Exception {
        // Given
        start(Optional.empty(), 5);
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(1_024);
            deaf.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), server.uri().getPort()));
            deaf.getOutputStream()
                    .write("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().atMost(PATIENCE).until(() -> server.clients() == 1);

            // Then
            BufferedReader events = stream();
            assertThat(next(events)).contains("event: full");
            assertThat(next(events)).contains("event: delta");
        }
        await().atMost(PATIENCE).until(() -> server.clients() == 1);
    }

    @Test
    void anAddressThatIsTakenIsAnErrorThatNamesTheKey() {
        // Given
        start(Optional.empty(), 5);
        DashboardServer second =
                server(new WebConfig(new Address("127.0.0.1", server.uri().getPort()), Optional.empty(), List.of(), 5));

        // Then
        assertThatThrownBy(second::start)
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("dashboard.http.address");
    }
}
