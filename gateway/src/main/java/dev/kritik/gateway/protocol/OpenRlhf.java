/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

import dev.kritik.gateway.http.Answer;
import dev.kritik.gateway.http.Call;
import dev.kritik.gateway.http.Problem;
import dev.kritik.gateway.jobs.Jobs;
import dev.kritik.gateway.jobs.Outcome;
import dev.kritik.gateway.jobs.Submission;
import dev.kritik.schema.MemberReward;

/**
 * OpenRLHF's remote reward ({@code --remote_rm_url}): samples without ids, one or several in a request; each is judged by
 * itself.
 */
final class OpenRlhf {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** What a tokenizer may put before a text: {@code <s>}, {@code <|begin_of_text|>}. */
    private static final Pattern BEGIN_TOKENS = Pattern.compile("(<[^<>\\s]{1,40}>|\\[(BOS|CLS)])+");

    private final Jobs jobs;
    private final Terms terms;

    OpenRlhf(Jobs jobs, Terms terms) {
        this.jobs = jobs;
        this.terms = terms;
    }

    CompletionStage<Answer> post(Call call) {
        call.allow(Set.of("job_id"));
        String jobId = Fields.jobId(call.parameter("job_id").orElse(terms.job()), "job_id");
        List<Submission> samples = read(call.body(), jobId);
        List<CompletableFuture<Outcome>> outcomes = samples.stream()
                .map(sample -> jobs.judge(sample.in(call.trace()), terms.openRlhfLimit())
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(all -> answer(
                        outcomes.stream().map(CompletableFuture::resultNow).toList()));
    }

    List<Submission> read(byte[] body, String jobId) {
        Fields fields = Fields.of(body);
        JsonNode queries = fields.array("query", terms.maxResponses());
        JsonNode prompts = fields.array("prompts", terms.maxResponses());
        JsonNode labels = fields.has("labels") ? fields.array("labels", terms.maxResponses()) : NODES.arrayNode();
        if (prompts.size() != queries.size() || (!labels.isEmpty() && labels.size() != queries.size())) {
            throw Problem.bad("query has " + queries.size() + " items, prompts " + prompts.size() + ", labels "
                    + labels.size() + ": there is one of each for a sample");
        }
        List<Submission> samples = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            String prompt = Fields.text(prompts.get(i), "prompts[" + i + "]");
            String query = Fields.text(queries.get(i), "query[" + i + "]");
            List<String> label = new ArrayList<>();
            label.add(labels.isEmpty() ? null : Fields.anyOrNull(labels.get(i), "labels[" + i + "]"));
            samples.add(Group.of(Conversation.of(prompt), List.of(response(query, prompt, i)))
                    .withLabels(label, terms)
                    .submission(jobId, Optional.empty(), 0, terms.timeout(), terms));
        }
        return samples;
    }

    /** What stands behind the prompt, without the tokens that end a turn. */
    private String response(String query, String prompt, int i) {
        int begin = query.startsWith(prompt) ? 0 : query.indexOf(prompt);
        boolean found = begin == 0
                || (begin > 0 && BEGIN_TOKENS.matcher(query.substring(0, begin)).matches());
        if (!found) {
            throw Problem.bad(
                    "query[" + i + "] does not begin with prompts[" + i + "]: where the response begins can't be told");
        }
        return terms.withoutEnd(query.substring(begin + prompt.length()));
    }

    static Answer answer(List<Outcome> outcomes) {
        ArrayNode rewards = NODES.arrayNode();
        ArrayNode votes = NODES.arrayNode();
        for (Outcome outcome : outcomes) {
            MemberReward member = Verdict.member(Verdict.reward(outcome), 0);
            rewards.add(member.getReward());
            votes.add(member.getKeptVotes());
        }
        ObjectNode logs = NODES.objectNode();
        logs.set("votes", votes);
        ObjectNode body = NODES.objectNode();
        body.set("rewards", rewards);
        body.set("scores", rewards);
        body.set("extra_logs", logs);
        return Answer.json(200, body);
    }
}
