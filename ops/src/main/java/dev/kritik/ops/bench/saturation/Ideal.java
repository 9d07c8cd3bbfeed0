/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.saturation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.kritik.ops.bench.load.MadeUp;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.schema.Rollout;
import dev.kritik.worker.prompt.PromptBuilder;

/**
 * The judge alone: so many connections ask it all that a workload asks, group by group, each the next request the moment an
 * answer is there. The prompts and request ids are those that Kritik's workers send, so that each request takes the judge
 * the same time from whomever it comes.
 */
final class Ideal {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final URI url;
    private final int connections;

    /** @param url of the judge, without a path */
    Ideal(URI url, int connections) {
        this.url = url.resolve("/v1/chat/completions");
        this.connections = connections;
    }

    /**
     * Asks for a while; returns when all answers are there.
     *
     * @throws CommandFailed if a request was not answered with status 200
     */
    void run(MadeUp workload, Duration sending) throws InterruptedException {
        Calls calls = new Calls(workload);
        AtomicReference<Exception> failure = new AtomicReference<>();
        long end = System.nanoTime() + sending.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                threads.add(Thread.ofVirtual().name("ideal-" + i).start(() -> {
                    try {
                        while (System.nanoTime() < end && failure.get() == null) {
                            ask(client, calls.next());
                        }
                    } catch (IOException e) {
                        failure.compareAndSet(null, e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } finally {
                threads.forEach(Thread::interrupt);
            }
        }
        if (failure.get() != null) {
            throw new CommandFailed(
                    "the judge alone did not answer: " + failure.get().getMessage(), failure.get());
        }
    }

    private void ask(HttpClient client, Call call) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("X-Request-Id", call.id())
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(body(call)))
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + " for " + call.id());
        }
    }

    private static String body(Call call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", SeededScores.MODEL);
        body.putArray("messages").addObject().put("role", "user").put("content", call.prompt());
        body.put("n", 1);
        body.put("seed", call.id().hashCode());
        return body.toString();
    }

    /** One request. */
    record Call(String id, String prompt) {}

    /** The requests of a workload, in order; safe for many threads. */
    static final class Calls {

        private final MadeUp workload;
        private final PromptBuilder prompts = new PromptBuilder();
        private final AtomicInteger next = new AtomicInteger();
        private final int perGroup;

        Calls(MadeUp workload) {
            this.workload = workload;
            this.perGroup = perGroup(workload.groupSize(), workload.panelSize(), workload.k());
        }

        /** Requests that a group needs: its samples, times the panels into which each is cut. */
        static int perGroup(int groupSize, int panelSize, int k) {
            return k * ((groupSize + panelSize - 1) / panelSize);
        }

        Call next() {
            int number = next.getAndIncrement();
            int panels = perGroup / workload.k();
            int panel = number % perGroup % panels;
            int sample = number % perGroup / panels;
            List<Rollout> members = workload.group(number / perGroup);
            List<String> shown = new ArrayList<>();
            for (int index = panel; index < members.size(); index += panels) {
                shown.add(members.get(index).getResponse());
            }
            String id =
                    workload.jobId() + "/" + members.getFirst().getGroupId() + "/0/p" + panel + "/s" + sample + "/t1";
            String prompt = prompts.forRequest(members.getFirst().getMessages(), null, shown.size())
                    .sample(shown);
            return new Call(id, prompt);
        }
    }
}
