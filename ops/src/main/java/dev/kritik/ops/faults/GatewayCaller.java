/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.kritik.ops.faults.Parcel.Member;
import dev.kritik.schema.Rollout;

/**
 * Clients of the gateway: each asks for one group, again and again in the same words until it has an answer, as a client does
 * whose connection breaks. Answers are kept. Safe for use by many threads.
 */
final class GatewayCaller implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WAIT_S = 20;
    private static final Duration REQUEST = Duration.ofSeconds(WAIT_S + 15);

    /** The deadline of the group, an outage, and a margin. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * What the gateway said of a group.
     *
     * @param status of the group
     * @param rewards by index; null where there is none
     */
    record Answer(String jobId, String groupId, String status, List<Double> rewards) {}

    /** @param atNanos when the client had it */
    private record Given(Answer answer, long atNanos) {}

    private final URI url;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Rollout> sent = new ConcurrentHashMap<>();
    private final Map<String, Given> answers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    GatewayCaller(URI url) {
        this.url = url;
    }

    /** Sends a group; returns at once. */
    void send(Parcel parcel) {
        List<Rollout> members = parcel.postings().stream()
                .map(posting -> ((Member) posting).rollout())
                .sorted(Comparator.comparingInt(Rollout::getIndex))
                .toList();
        Rollout first = members.getFirst();
        sent.put(first.getGroupId(), first);
        String body = body(members, parcel.deadlineAfterMs());
        threads.execute(() -> {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!closed && System.nanoTime() < deadline) {
                Optional<Answer> answer = ask(
                        HttpRequest.newBuilder(url.resolve("/v1/rewards?wait_s=" + WAIT_S))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)),
                        first);
                if (answer.isPresent()) {
                    answers.put(first.getGroupId(), new Given(answer.get(), System.nanoTime()));
                    return;
                }
            }
        });
    }

    private static String body(List<Rollout> members, Long deadlineAfterMs) {
        Rollout first = members.getFirst();
        ObjectNode body = JSON.createObjectNode()
                .put("id", first.getGroupId())
                .put("job_id", first.getJobId())
                .put("prompt", first.getMessages().getFirst().getContent());
        ArrayNode responses = body.putArray("responses");
        members.forEach(member -> responses.add(member.getResponse()));
        if (first.getK() != null) {
            body.put("k", first.getK());
        }
        if (first.getGoal() != null) {
            body.put("goal", first.getGoal());
        }
        if (deadlineAfterMs != null) {
            body.put("timeout_s", deadlineAfterMs / 1000.0);
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer; empty, after a pause, when there is none yet. */
    private Optional<Answer> ask(HttpRequest.Builder request, Rollout group) {
        try {
            HttpResponse<String> response = client.send(request.timeout(REQUEST).build(), BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                JsonNode json = JSON.readTree(response.body());
                List<Double> rewards = new ArrayList<>();
                json.path("rewards").forEach(reward -> rewards.add(reward.isNull() ? null : reward.doubleValue()));
                return Optional.of(new Answer(
                        group.getJobId(),
                        group.getGroupId(),
                        json.path("status").asText(),
                        rewards));
            }
            TimeUnit.MILLISECONDS.sleep(response.statusCode() == 202 ? 50 : 1_000);
        } catch (IOException e) {
            pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
        return Optional.empty();
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Groups that were sent. */
    int sent() {
        return sent.size();
    }

    /** Answers that clients have. */
    int answered() {
        return answers.size();
    }

    /** Waits until all clients have their answers. */
    boolean awaitAnswers(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (answers.size() < sent.size()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return true;
    }

    /**
     * What is wrong with the answers, in words: those that were given while faults struck, and those that the gateway gives to who
     * asks now.
     *
     * @param onTopic what the topic of rewards says of each group of the gateway, by group id
     * @param remembered for how long the gateway surely remembers what it has said; of what is older it is not asked again
     */
    List<String> differences(Map<String, Answer> onTopic, Duration remembered) {
        List<String> wrong = new ArrayList<>();
        long begun = System.nanoTime();
        sent.forEach((groupId, group) -> {
            Answer truth = onTopic.get(groupId);
            Given given = answers.get(groupId);
            if (given != null && !given.answer().equals(truth)) {
                wrong.add(groupId + ": a client was told " + given.answer() + ", the topic says " + truth);
            }
            if (truth == null) {
                if (given == null) {
                    wrong.add(groupId + ": neither an answer nor a reward");
                }
                return;
            }
            if (given != null && begun - given.atNanos() > remembered.toNanos()) {
                return;
            }
            Optional<Answer> now = ask(
                    HttpRequest.newBuilder(url.resolve("/v1/rewards/"
                            + URLEncoder.encode(groupId, StandardCharsets.UTF_8) + "?wait_s=5&job_id="
                            + URLEncoder.encode(group.getJobId(), StandardCharsets.UTF_8))),
                    group);
            if (!now.equals(Optional.of(truth))) {
                wrong.add(groupId + ": the gateway says " + now + " now, the topic says " + truth);
            }
        });
        return wrong;
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        client.shutdownNow();
    }
}
