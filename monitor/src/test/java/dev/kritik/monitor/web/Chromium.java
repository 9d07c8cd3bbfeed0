/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real browser without a window, driven by its DevTools protocol. One page; for one thread. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    /** What the page complained of: errors, violations of its policy, requests to elsewhere. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** The program; empty where there is none. */
    static Optional<Path> find() {
        return Stream.of(
                        Optional.ofNullable(System.getenv("KRITIK_CHROMIUM")).orElse(""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path program, Path profile) throws Exception {
        this.process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox", // tests run as root in containers; only our own page is opened
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--hide-scrollbars",
                        "--force-color-profile=srgb",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Files.exists(port) && Files.readAllLines(port).size() >= 2);
        String base = "http://127.0.0.1:" + Files.readAllLines(port).getFirst();
        var request = HttpRequest.newBuilder(URI.create(base + "/json/list")).build();
        JsonNode pages =
                JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        JsonNode page = null;
        for (JsonNode one : pages) {
            page = page == null && one.path("type").asText().equals("page") ? one : page;
        }
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Listener())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network", "DOM")) {
            send(domain + ".enable", Map.of());
        }
    }

    JsonNode send(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        try {
            socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(method + " got no answer", e);
        }
    }

    void open(String url) {
        send("Page.navigate", Map.of("url", url));
        await().atMost(PATIENCE)
                .until(() -> eval("document.readyState").asText().equals("complete"));
    }

    /** The value of an expression, which may be a promise. */
    JsonNode eval(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    String text(String selector) {
        return eval("document.querySelector(" + quoted(selector) + ")?.textContent ?? ''")
                .asText();
    }

    /** Waits until an expression is true. */
    void until(String expression) {
        await(expression)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> eval("!!(" + expression + ")").asBoolean());
    }

    /** A real click in the middle of an element. */
    void click(String selector) {
        until("document.querySelector(" + quoted(selector) + ")");
        JsonNode at = eval("(() => { const e = document.querySelector(" + quoted(selector) + ");"
                + " e.scrollIntoView({block: 'center', behavior: 'instant'}); const b = e.getBoundingClientRect();"
                + " return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", at.path("x"), "y", at.path("y"), "button", "left", "clickCount", 1));
        }
    }

    /** A real key: Tab, Enter, Escape, ArrowLeft, or a character. */
    void key(String name) {
        Map<String, Integer> codes =
                Map.of("Tab", 9, "Enter", 13, "Escape", 27, "ArrowLeft", 37, "ArrowRight", 39, "?", 191, "/", 191);
        int code = codes.getOrDefault(name, (int) Character.toUpperCase(name.charAt(0)));
        String typed = name.equals("Enter") ? "\r" : name.length() == 1 ? name : "";
        Map<String, Object> key = Map.of("key", name, "windowsVirtualKeyCode", code, "text", typed);
        send("Input.dispatchKeyEvent", with(key, "type", typed.isEmpty() ? "rawKeyDown" : "keyDown"));
        send("Input.dispatchKeyEvent", with(key, "type", "keyUp"));
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> all = new HashMap<>(map);
        all.put(name, value);
        return all;
    }

    void size(int width, int height, double scale) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 600));
    }

    void scheme(String name) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
    }

    void screenshot(Path file) {
        byte[] png = Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asText());
        try {
            Files.write(file, png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Addresses that were asked for. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    void forgive() {
        complaints.clear();
    }

    static String quoted(String text) {
        return JSON.valueToTree(text).toString();
    }

    private void heard(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asInt());
            if (message.has("error")) {
                answer.completeExceptionally(
                        new AssertionError(message.path("error").toString()));
            } else {
                answer.complete(message.path("result"));
            }
            return;
        }
        JsonNode params = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> complaints.add(params.toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning").contains(params.path("type").asText())) {
                    complaints.add(params.path("args").toString());
                }
            }
            case "Log.entryAdded" -> complain(params.path("entry").path("text").asText());
            case "Network.requestWillBeSent" ->
                requests.add(params.path("request").path("url").asText());
            default -> {}
        }
    }

    private void complain(String text) {
        if (!text.startsWith("Canvas2D: Multiple readback")) { // what axe does to measure contrast
            complaints.add(text);
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    heard(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    text.setLength(0);
                }
            }
            webSocket.request(1);
            return null;
        }
    }
}
