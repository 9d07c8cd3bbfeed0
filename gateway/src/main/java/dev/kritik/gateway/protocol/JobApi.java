/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.kritik.gateway.http.Answer;
import dev.kritik.gateway.http.Call;
import dev.kritik.gateway.http.Problem;
import dev.kritik.gateway.jobs.JobId;
import dev.kritik.gateway.jobs.Jobs;
import dev.kritik.gateway.jobs.Outcome;
import dev.kritik.gateway.jobs.Submission;
import dev.kritik.schema.Message;

/** Jobs: a whole group in one request, the result in the answer or later, from any instance. */
final class JobApi {

    static final String PATH = "/v1/rewards";

    private static final double LONGEST_WAIT_S = 600;
    private static final double SHORTEST_TIMEOUT_S = 0.1;
    private static final double LONGEST_TIMEOUT_S = 86_400;
    private static final int MILLIS = 1000;

    private static final Set<String> FIELDS = Set.of(
            "id",
            "job_id",
            "group_attempt",
            "messages",
            "prompt",
            "responses",
            "reference",
            "label",
            "labels",
            "k",
            "k_meta",
            "panel_size",
            "goal",
            "timeout_s",
            "deadline_ms",
            "policy_version",
            "metadata");

    /** What the stream application knows, by the contract of rollouts. */
    private static final List<String> GOALS = List.of("fixed", "best", "advantages");

    private final Jobs jobs;
    private final Terms terms;
    private final InstantSource clock;

    JobApi(Jobs jobs, Terms terms, InstantSource clock) {
        this.jobs = jobs;
        this.terms = terms;
        this.clock = clock;
    }

    CompletionStage<Answer> post(Call call) {
        call.allow(Set.of("wait_s"));
        Duration wait = wait(call);
        return jobs.submit(read(call.body()).in(call.trace()), wait).thenApply(this::answer);
    }

    CompletionStage<Answer> get(Call call) {
        call.allow(Set.of("wait_s", "job_id", "group_attempt"));
        String jobId = Fields.jobId(call.parameter("job_id").orElse(terms.job()), "job_id");
        Integer attempt = call.parameter("group_attempt").map(JobApi::attempt).orElse(null);
        return jobs.find(new JobId.Group(jobId, call.id()), attempt, wait(call))
                .thenApply(found -> answer(found.orElseThrow(() -> Problem.of(
                        404,
                        "Not found",
                        "no job '" + call.id() + "' of '" + jobId
                                + "' is known: it was never sent, or is forgotten"))));
    }

    private static Duration wait(Call call) {
        return Duration.ofMillis(Math.round(call.seconds("wait_s", LONGEST_WAIT_S) * MILLIS));
    }

    private static Integer attempt(String text) {
        try {
            int attempt = Integer.parseInt(text);
            if (attempt >= 0) {
                return attempt;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Problem.bad("group_attempt is not a whole number of at least 0");
    }

    Submission read(byte[] body) {
        Fields fields = Fields.of(body);
        fields.allow(FIELDS);
        Optional<String> id = Optional.ofNullable(fields.textOrNull("id")).map(text -> Fields.id(text, "id"));
        Integer attempt = fields.intOrNull("group_attempt", 0);
        if (attempt != null && id.isEmpty()) {
            throw Problem.bad("group_attempt counts the attempts at an id, and there is no id");
        }
        return group(fields)
                .submission(
                        Fields.jobId(fields.has("job_id") ? fields.text("job_id") : terms.job(), "job_id"),
                        id,
                        attempt == null ? 0 : attempt,
                        timeout(fields),
                        terms);
    }

    /**
     * How long the judgement may take from now on. A deadline that has passed is no fault: who asks again for what ran out of
     * time is told so.
     */
    private Duration timeout(Fields fields) {
        Double timeout = fields.numberOrNull("timeout_s", SHORTEST_TIMEOUT_S, LONGEST_TIMEOUT_S);
        Long deadline = fields.longOrNull("deadline_ms");
        if (timeout != null && deadline != null) {
            throw Problem.bad("timeout_s says how long the judgement may take, deadline_ms until when: not both");
        }
        if (deadline == null) {
            return timeout == null ? terms.timeout() : Duration.ofMillis(Math.round(timeout * MILLIS));
        }
        long now = clock.millis();
        if (deadline < 0 || deadline > now + Math.round(LONGEST_TIMEOUT_S * MILLIS)) {
            throw Problem.bad("deadline_ms is not a time in epoch milliseconds, at most a day from now");
        }
        return Duration.ofMillis(Math.max(0, deadline - now));
    }

    private Group group(Fields fields) {
        List<String> responses = new ArrayList<>();
        for (JsonNode response : fields.array("responses", terms.maxResponses())) {
            responses.add(Fields.text(response, "responses[" + responses.size() + "]"));
        }
        if (responses.isEmpty()) {
            throw Problem.bad("responses is empty");
        }
        return new Group(
                messages(fields),
                responses,
                labels(fields, responses.size()),
                fields.textOrNull("reference"),
                fields.intOrNull("k", 1),
                fields.intOrNull("k_meta", 0),
                fields.intOrNull("panel_size", 1),
                fields.wordOrNull("goal", GOALS),
                fields.longOrNull("policy_version"),
                fields.strings("metadata"));
    }

    private static List<Message> messages(Fields fields) {
        if (fields.has("messages") == fields.has("prompt")) {
            throw Problem.bad("messages or prompt: one of them is wanted, not both");
        }
        if (fields.has("prompt")) {
            return Conversation.of(fields.text("prompt"));
        }
        if (!fields.get("messages").isArray()) {
            throw Problem.bad("messages is no array");
        }
        return Conversation.read(fields.get("messages"), "messages");
    }

    private static List<String> labels(Fields fields, int size) {
        if (fields.has("label") && fields.has("labels")) {
            throw Problem.bad("label is for all responses, labels has one for each: not both");
        }
        List<String> labels = new ArrayList<>();
        if (!fields.has("labels")) {
            String all = fields.textOrNull("label");
            for (int index = 0; index < size; index++) {
                labels.add(all);
            }
            return labels;
        }
        for (JsonNode label : fields.array("labels", Integer.MAX_VALUE)) {
            labels.add(label.isNull() ? null : Fields.text(label, "labels[" + labels.size() + "]"));
        }
        if (labels.size() != size) {
            throw Problem.bad("labels has " + labels.size() + " items, responses has " + size);
        }
        return labels;
    }

    private Answer answer(Outcome outcome) {
        if (outcome instanceof Outcome.Running running) {
            JobId id = running.id();
            return Answer.json(
                    202,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("id", id.groupId())
                            .put("job_id", id.jobId())
                            .put("group_attempt", id.attempt())
                            .put("status", "RUNNING"),
                    Map.of("Location", location(id)));
        }
        return Answer.json(200, ResultJson.of(Verdict.reward(outcome)));
    }

    private String location(JobId id) {
        String path = PATH + "/" + escaped(id.groupId());
        String job = id.jobId().equals(terms.job()) ? "" : "job_id=" + escaped(id.jobId());
        return job.isEmpty() ? path : path + "?" + job;
    }

    /** In a path a space is no plus. */
    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
