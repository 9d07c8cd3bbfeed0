/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.train.Trainee;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.trainer.data.ChatEncoder;
import dev.kritik.trainer.data.Mixture;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.judge.InProcessJudge;
import dev.kritik.trainer.judge.TaskEvaluation;
import dev.kritik.trainer.judge.TaskPrompts;
import dev.kritik.trainer.judge.Tasks;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Kind;
import dev.kritik.trainer.run.Prompts;
import dev.kritik.trainer.run.Session;
import dev.kritik.trainer.run.Source;
import dev.kritik.trainer.run.TrainConfig;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * Rule-based online RL: outputs of the model itself are rewarded with 1 if they are right by Eq. 10 and else with -1, and GRPO
 * makes the better ones of each group likelier. Data and evaluation are tasks; the evaluation's score is the greedy accuracy.
 */
public final class Rl {

    private Rl() {}

    /**
     * Trains; a folder that holds a run of the same configuration goes on.
     *
     * @param stop asked after each step; true ends the training with a checkpoint
     * @throws ConfigError naming the key at fault
     * @throws dev.kritik.trainer.data.DataException naming file and line
     * @throws dev.kritik.trainer.run.TrainException if it can't begin or go on
     * @throws dev.kritik.lm.checkpoint.CheckpointException when the model can't be used
     */
    public static TrainReport train(TrainJob job, TrainListener listener, BooleanSupplier stop) {
        RlConfig config = RlConfig.from(job.config());
        if (!job.mix().isEmpty()) {
            throw new ConfigError("RL takes no general data: its rewards need tasks");
        }
        try (Session session = Session.open(Kind.RL, job, List.of(RlConfig.DEF), listener, stop)) {
            if (session.config().randomInit()) {
                throw new ConfigError(
                        "train.init is random: a model without training writes nothing that RL could reward");
            }
            Checkpoint checkpoint = LanguageModel.checkpoint(job.model());
            try (ChatEncoder encoder = ChatEncoder.open(checkpoint);
                    InProcessJudge judge =
                            InProcessJudge.open(job.model(), session.config().generation(), config.rows())) {
                return train(job, config, session, checkpoint, encoder, judge);
            }
        }
    }

    private static TrainReport train(
            TrainJob job,
            RlConfig rl,
            Session session,
            Checkpoint checkpoint,
            ChatEncoder encoder,
            InProcessJudge judge) {
        TrainConfig config = session.config();
        TaskPrompts prompts = new TaskPrompts(Prompts.toAsk(config, job.model()), encoder);
        int most = Math.min(config.maxTokens(checkpoint), judge.contextLength());
        Tasks read =
                Tasks.read("queries", job.data(), prompts, most, rl.sampling().maxTokens());
        session.listener().note(read.intake().words());
        Optional<List<RlTask>> tasks = EasyTasks.without(read.items(), rl, session, judge, prompts);
        if (tasks.isEmpty()) {
            return session.stoppedEarly();
        }
        Optional<TaskEvaluation> evaluation = job.eval().map(file -> {
            Tasks held = Tasks.read("evaluation tasks", List.of(file), prompts, most, config.evalMaxTokens());
            session.listener().note(held.intake().words());
            return new TaskEvaluation(judge, held.items(), prompts, config.evalMaxTokens());
        });
        int count = tasks.get().size();
        Course course = new Course(new Mixture(count, 0, 0, config.seed()), config.batch(Kind.RL));
        try (Trainee trainee = Trainee.load(checkpoint, config.engine());
                GrpoUpdate update = GrpoUpdate.of(trainee, checkpoint, rl.objective(), config)) {
            RlObjective.Tools tools = new RlObjective.Tools(trainee, update, judge, prompts, evaluation);
            RlObjective objective = new RlObjective(rl, config.seed(), tools, tasks.get(), course);
            return session.train(
                    trainee, new Source(checkpoint, Prompts.toSave(config, job.model())), count, objective);
        }
    }
}
