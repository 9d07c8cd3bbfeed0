/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rft;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.StoredType;
import dev.kritik.lm.train.Sequence;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.data.ChatEncoder;
import dev.kritik.trainer.data.Examples;
import dev.kritik.trainer.data.Mixture;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.judge.InProcessJudge;
import dev.kritik.trainer.judge.TaskEvaluation;
import dev.kritik.trainer.judge.TaskPrompts;
import dev.kritik.trainer.judge.Tasks;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Evaluation;
import dev.kritik.trainer.run.Kind;
import dev.kritik.trainer.run.Prompts;
import dev.kritik.trainer.run.Session;
import dev.kritik.trainer.run.Source;
import dev.kritik.trainer.run.TrainConfig;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * Supervised fine-tuning on conversations: the loss falls on the last turn of the assistant alone, and each of its tokens
 * counts alike within a step. The evaluation takes conversations (their loss; the score is minus the loss) or tasks (greedy
 * accuracy by Eq. 10).
 */
public final class Rft {

    private static final int ROWS = 64;

    private Rft() {}

    /**
     * Trains; a folder that holds a run of the same configuration goes on.
     *
     * @param stop asked after each step; true ends the training with a checkpoint
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     * @throws dev.kritik.trainer.data.DataException naming file and line
     * @throws dev.kritik.trainer.run.TrainException if it can't begin or go on
     * @throws dev.kritik.lm.checkpoint.CheckpointException when the model can't be used
     */
    public static TrainReport train(TrainJob job, TrainListener listener, BooleanSupplier stop) {
        try (Session session = Session.open(Kind.RFT, job, List.of(), listener, stop)) {
            Checkpoint checkpoint = session.config().randomInit()
                    ? Checkpoint.openWithoutWeights(job.model())
                    : LanguageModel.checkpoint(job.model());
            try (ChatEncoder encoder = ChatEncoder.open(checkpoint)) {
                return train(job, session, checkpoint, encoder);
            }
        }
    }

    private static TrainReport train(TrainJob job, Session session, Checkpoint checkpoint, ChatEncoder encoder) {
        TrainConfig config = session.config();
        TrainListener listener = session.listener();
        int most = config.maxTokens(checkpoint);
        Examples<Sequence> data = Examples.turns("data", job.data(), encoder, most);
        listener.note(data.intake().words());
        List<Sequence> general = List.of();
        if (!job.mix().isEmpty()) {
            Examples<Sequence> mix = Examples.turns("general data", job.mix(), encoder, most);
            listener.note(mix.intake().words());
            general = mix.items();
        }
        Mixture mixture = new Mixture(data.items().size(), general.size(), config.mixShare(), config.seed());
        Course course = new Course(mixture, config.batch(Kind.RFT));
        try (Trainee trainee = trainee(checkpoint, config);
                Evaluated evaluated = evaluated(job, session, checkpoint, encoder, trainee)) {
            listener.note(trainee.parameters() + " parameters"
                    + (config.randomInit() ? ", all of them random (train.init is random)" : ""));
            RftObjective objective = new RftObjective(
                    trainee, data.items(), general, course, config.microTokens(), evaluated.evaluation());
            return session.train(
                    trainee, new Source(checkpoint, Prompts.toSave(config, job.model())), mixture.size(), objective);
        }
    }

    private static Trainee trainee(Checkpoint checkpoint, TrainConfig config) {
        return config.randomInit()
                ? Trainee.initialize(checkpoint, config.engine(), config.seed())
                : Trainee.load(checkpoint, config.engine());
    }

    /** How it is evaluated, and the generator that this may need. */
    private record Evaluated(Supplier<Optional<Evaluation>> evaluation, Optional<InProcessJudge> judge)
            implements AutoCloseable {
        @Override
        public void close() {
            judge.ifPresent(InProcessJudge::close);
        }
    }

    private static Evaluated evaluated(
            TrainJob job, Session session, Checkpoint checkpoint, ChatEncoder encoder, Trainee trainee) {
        if (job.eval().isEmpty()) {
            return new Evaluated(Optional::empty, Optional.empty());
        }
        TrainConfig config = session.config();
        List<Path> files = job.eval().stream().toList();
        if (!RlTask.isIn(files.getFirst())) {
            Examples<Sequence> held = Examples.turns("evaluation data", files, encoder, config.maxTokens(checkpoint));
            session.listener().note(held.intake().words());
            return new Evaluated(
                    () -> Optional.of(RftObjective.evaluate(trainee, held.items(), config.microTokens())),
                    Optional.empty());
        }
        TaskPrompts prompts = new TaskPrompts(Prompts.toAsk(config, job.model()), encoder);
        Tasks tasks =
                Tasks.read("evaluation tasks", files, prompts, config.maxTokens(checkpoint), config.evalMaxTokens());
        session.listener().note(tasks.intake().words());
        Path start = job.model();
        if (config.randomInit()) { // a generator begins with weights, and takes others later
            start = session.prepared("start");
            trainee.save(start, StoredType.F32);
        }
        InProcessJudge judge = InProcessJudge.open(start, config.generation(), ROWS);
        TaskEvaluation evaluation = new TaskEvaluation(judge, tasks.items(), prompts, config.evalMaxTokens());
        return new Evaluated(
                () -> {
                    judge.update(trainee);
                    return Optional.of(evaluation.evaluate());
                },
                Optional.of(judge));
    }
}
