/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client of a recorded judge. */
public final class Asking implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    public Asking(RecordedJudge judge) {
        this.url = judge.url();
    }

    public HttpResponse<String> chat(String id, String model, String prompt) throws IOException, InterruptedException {
        return chat(id, model, prompt, Duration.ofSeconds(20));
    }

    public HttpResponse<String> chat(String id, String model, String prompt, Duration timeout)
            throws IOException, InterruptedException {
        return post(
                "/v1/chat/completions",
                id,
                Map.of("model", model, "messages", List.of(Map.of("role", "user", "content", prompt))),
                timeout);
    }

    HttpResponse<String> post(String path, String id, Object body, Duration timeout)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(url.resolve(path))
                        .header("X-Request-Id", id)
                        .timeout(timeout)
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(
                client.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString())
                        .body());
    }

    public static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    public static String text(HttpResponse<String> response) throws IOException {
        return json(response).at("/choices/0/message/content").asText();
    }

    @Override
    public void close() {
        client.close();
    }
}
