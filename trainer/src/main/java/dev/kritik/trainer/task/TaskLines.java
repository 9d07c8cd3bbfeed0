/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

import dev.kritik.lm.text.ChatMessage;
import dev.kritik.schema.Message;
import dev.kritik.trainer.paradigm.PairwiseParadigm;
import dev.kritik.trainer.paradigm.ScalarParadigm;
import dev.kritik.trainer.paradigm.SemiScalarParadigm;
import dev.kritik.worker.prompt.PromptBuilder;
import dev.kritik.worker.prompt.PromptVersion;

/** Micro-tasks as lines of JSON, in the forms that trainings, evaluations and the pipeline read. */
public final class TaskLines {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PromptBuilder PROMPTS = new PromptBuilder(PromptVersion.BRIEF_V1);

    private TaskLines() {}

    /** The task with its label: for {@code kritik train rl}, {@code kritik rollouts publish} and {@code kritik eval}. */
    public static String labelled(MicroTask task) {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", task.id());
        line.put("query_id", task.id());
        line.put("domain", task.kind().label());
        message(line.putArray("messages"), "user", task.query());
        ArrayNode responses = line.putArray("responses");
        task.candidates().forEach(candidate -> responses.add(candidate.text()));
        if (task.candidates().size() > 1) {
            line.put("best", task.best());
        } else {
            line.put("score", task.score());
        }
        return write(line);
    }

    /** What the judge reads and the teacher writes: for {@code kritik train rft}. */
    public static String critique(MicroTask task, Teacher teacher, long seed) {
        return turns(task, prompt(task), teacher.critique(task, seed));
    }

    /** What the judge of pairs reads and the teacher writes; for tasks of two responses. */
    public static String pair(MicroTask task, Teacher teacher, long seed) {
        List<Candidate> both = task.candidates();
        return turns(
                task,
                PairwiseParadigm.prompt(
                        query(task), null, both.get(0).text(), both.get(1).text()),
                teacher.preference(task, seed));
    }

    /** What the critic of single responses reads and the teacher writes; for tasks of one response. */
    public static String criticism(MicroTask task, Teacher teacher, long seed) {
        return turns(
                task,
                SemiScalarParadigm.prompt(
                        query(task), null, task.candidates().getFirst().text()),
                teacher.criticism(task, seed));
    }

    /** What the semi-scalar paradigm's head reads; the label says whether the response is right. */
    public static String criticismLabelled(MicroTask task, Teacher teacher, long seed) {
        return head(
                task,
                SemiScalarParadigm.turns(
                        SemiScalarParadigm.prompt(
                                query(task), null, task.candidates().getFirst().text()),
                        teacher.criticism(task, seed)));
    }

    /** What the scalar paradigm's head reads; the label says whether the response is right. For tasks of one response. */
    public static String responseLabelled(MicroTask task) {
        return head(
                task,
                ScalarParadigm.turns(
                        query(task), null, task.candidates().getFirst().text()));
    }

    /** The judge's prompt with a request to check the answers alone, and a faultless check: general instruction data. */
    public static String check(MicroTask task) {
        return turns(task, prompt(task) + "\n\nCheck the responses.", Teacher.check(task));
    }

    /** The query and its right answer: general instruction data. */
    public static String answer(MicroTask task) {
        return turns(task, task.query(), task.answer());
    }

    /** The query and what somebody of middling skill says to it: right or wrong, plain or dressed up. To begin a policy with. */
    public static String attempt(MicroTask task) {
        return turns(task, task.query(), task.candidates().getFirst().text());
    }

    /** The query with all texts that are a right answer: for {@code kritik train grpo}, which learns from the query alone. */
    public static String question(MicroTask task) {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", task.id());
        line.put("domain", task.kind().label());
        message(line.putArray("messages"), "user", task.query());
        ArrayNode answers = line.putArray("answers");
        for (Manner manner : Manner.values()) {
            manner.dresses(task.answer()).forEach(answers::add);
        }
        return write(line);
    }

    private static String prompt(MicroTask task) {
        List<String> responses = task.candidates().stream().map(Candidate::text).toList();
        return PROMPTS.forRequest(query(task), null, responses.size()).sample(responses);
    }

    private static List<Message> query(MicroTask task) {
        return List.of(new Message("user", task.query()));
    }

    private static String turns(MicroTask task, String user, String assistant) {
        return write(
                conversation(task, List.of(new ChatMessage("user", user), new ChatMessage("assistant", assistant))));
    }

    private static String head(MicroTask task, List<ChatMessage> turns) {
        return write(conversation(task, turns)
                .put("label", task.candidates().getFirst().severity() == 0 ? 1 : 0));
    }

    private static ObjectNode conversation(MicroTask task, List<ChatMessage> turns) {
        ObjectNode line = JSON.createObjectNode();
        ArrayNode messages = line.putArray("messages");
        turns.forEach(turn -> message(messages, turn.role(), turn.content()));
        line.putObject("provenance")
                .put("task", task.id())
                .put("kind", task.kind().label());
        return line;
    }

    private static void message(ArrayNode messages, String role, String content) {
        messages.addObject().put("role", role).put("content", content);
    }

    private static String write(ObjectNode line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) { // a tree of texts
            throw new IllegalStateException(e);
        }
    }
}
