/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.kritik.client.GroupPosition;
import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.train.Trainee;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.trainer.data.DataException;
import dev.kritik.trainer.data.Question;
import dev.kritik.trainer.rl.GrpoUpdate;
import dev.kritik.trainer.run.Kind;
import dev.kritik.trainer.run.Session;
import dev.kritik.trainer.run.Source;
import dev.kritik.trainer.run.TrainConfig;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * Trains a policy by GRPO: it writes groups of responses, which are published, and learns from what comes back with rewards.
 * Data are queries, evaluation is on queries with known answers.
 */
public final class Grpo {

    private static final String JOB_FILE = "job.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Grpo() {}

    /**
     * Trains; a folder that holds a run of the same configuration goes on.
     *
     * @param exchanges makes the way to the rewards for a job's name; it is closed at the end
     * @param stop asked while it waits and after each step; true ends the training with a checkpoint
     * @throws ConfigError naming the key at fault
     * @throws DataException naming file and line
     * @throws TrainException if it can't begin or go on
     * @throws dev.kritik.lm.checkpoint.CheckpointException when the model can't be used
     */
    public static TrainReport train(
            TrainJob job, Function<String, Exchange> exchanges, TrainListener listener, BooleanSupplier stop) {
        GrpoConfig grpo = GrpoConfig.from(job.config());
        if (!job.mix().isEmpty()) {
            throw new ConfigError("GRPO takes no general data: its rewards need responses of the policy");
        }
        try (Session session = Session.open(Kind.GRPO, job, List.of(GrpoConfig.DEF), listener, stop)) {
            if (session.config().randomInit()) {
                throw new ConfigError("train.init is random: a policy without training writes nothing worth a reward");
            }
            Optional<Begun> before = Begun.read(session.prepared(JOB_FILE));
            String name = before.map(Begun::numbering).map(Numbering::job).orElseGet(() -> grpo.job(job.out()));
            try (Exchange exchange = exchanges.apply(name)) {
                Begun begun = before.orElseGet(() -> begin(session, name, exchange));
                if (!begun.rewards().equals(exchange.rewards())) {
                    throw new TrainException(job.out() + " holds a run whose rewards come from '" + begun.rewards()
                            + "', not from '" + exchange.rewards() + "'. Give the same to go on, or another folder");
                }
                return train(job, grpo, session, exchange, begun);
            }
        }
    }

    /** Remembered before anything is published, so that a run that is killed at once finds what it has published. */
    private static Begun begin(Session session, String name, Exchange exchange) {
        Numbering numbering = new Numbering(name, UUID.randomUUID().toString().substring(0, 8));
        Begun begun = new Begun(numbering, exchange.rewards(), exchange.end());
        session.remember(JOB_FILE, begun.toJson());
        return begun;
    }

    private static TrainReport train(TrainJob job, GrpoConfig grpo, Session session, Exchange exchange, Begun begun) {
        TrainConfig config = session.config();
        Checkpoint checkpoint = LanguageModel.checkpoint(job.model());
        int perStep = config.batch(Kind.GRPO);
        try (Trainee trainee = Trainee.load(checkpoint, config.engine());
                Policy policy = Policy.open(job.model(), config.generation(), grpo.rows(), trainee);
                GrpoUpdate update = GrpoUpdate.of(trainee, checkpoint, grpo.objective(), config)) {
            List<Prompted> prompts =
                    prompts("queries", job.data(), policy, config.maxTokens(checkpoint), grpo, session);
            Optional<GoldEvaluation> evaluation = job.eval()
                    .map(file -> new GoldEvaluation(
                            answered(
                                    file,
                                    prompts(
                                            "evaluation queries",
                                            List.of(file),
                                            policy,
                                            config.maxTokens(checkpoint),
                                            grpo,
                                            session)),
                            policy,
                            grpo.sampling(),
                            config.seed()));
            Flow flow = new Flow(perStep, grpo.ahead(), config.steps(Kind.GRPO, prompts.size()));
            RolloutGenerator generator = new RolloutGenerator(
                    grpo,
                    config.seed(),
                    grpo.round() == 0 ? perStep : grpo.round(),
                    prompts,
                    new RolloutGenerator.Tools(policy, flow, exchange, begun.numbering()));
            GrpoObjective.Tools tools = new GrpoObjective.Tools(
                    policy,
                    exchange,
                    begun.numbering(),
                    flow,
                    generator,
                    update,
                    new Ledger(session.lines("groups.jsonl")),
                    evaluation,
                    session.listener());
            session.listener()
                    .note("job " + begun.numbering().job() + ", run "
                            + begun.numbering().run());
            try (GrpoObjective objective = new GrpoObjective(grpo, perStep, tools, begun.start())) {
                return session.train(trainee, new Source(checkpoint, Optional.empty()), prompts.size(), objective);
            }
        }
    }

    private static List<Prompted> prompts(
            String what, List<Path> files, Policy policy, int longest, GrpoConfig grpo, Session session) {
        List<Question> questions = new ArrayList<>();
        files.forEach(file -> questions.addAll(Question.read(file)));
        int most = Math.min(longest, policy.contextLength());
        Prompted.Read read =
                Prompted.encode(what, questions, policy, most, grpo.sampling().maxTokens());
        session.listener().note(read.words());
        return read.prompts();
    }

    private static List<Prompted> answered(Path file, List<Prompted> prompts) {
        long without = prompts.stream()
                .filter(prompt -> prompt.question().answers().isEmpty())
                .count();
        if (without > 0) {
            throw new DataException(
                    file + ": " + without + " queries have no 'answers': evaluation needs to know what is right");
        }
        return prompts;
    }

    /**
     * The way to rewards by known answers, without any judge: what a judge's rewards are held against.
     *
     * @param data files of queries, all with answers
     * @throws DataException if one has none
     */
    public static Exchange gold(List<Path> data) {
        Map<String, Question> byId = new HashMap<>();
        for (Path file : data) {
            for (Question question : Question.read(file)) {
                if (question.answers().isEmpty()) {
                    throw new DataException(file + ": the query " + question.id()
                            + " has no 'answers': rewards by known answers need them");
                }
                Question other = byId.put(question.id(), question);
                if (other != null && !other.equals(question)) {
                    throw new DataException(file + ": two different queries have the id " + question.id()
                            + ": rewards by known answers need to tell them apart");
                }
            }
        }
        return new GoldExchange((id, text) -> byId.get(id).isRight(text));
    }

    /** What is decided once for a run. */
    private record Begun(Numbering numbering, String rewards, GroupPosition start) {

        String toJson() {
            try {
                ObjectNode json = JSON.createObjectNode()
                        .put("job", numbering.job())
                        .put("run", numbering.run())
                        .put("rewards", rewards);
                json.set("start", JSON.readTree(start.toJson()));
                return json.toPrettyString() + "\n";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        static Optional<Begun> read(Path file) {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try {
                JsonNode json = JSON.readTree(file.toFile());
                return Optional.of(new Begun(
                        new Numbering(
                                json.required("job").textValue(),
                                json.required("run").textValue()),
                        json.required("rewards").textValue(),
                        GroupPosition.fromJson(json.required("start").toString())));
            } catch (IOException | IllegalArgumentException e) {
                throw new TrainException(file + " can't be read: " + e.getMessage() + ". Give another --out", e);
            }
        }
    }
}
