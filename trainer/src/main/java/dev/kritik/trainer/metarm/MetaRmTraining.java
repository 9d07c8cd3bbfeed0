/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.train.Scored;
import dev.kritik.lm.train.Trainee;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.trainer.data.ChatEncoder;
import dev.kritik.trainer.data.Examples;
import dev.kritik.trainer.data.Examples.Judged;
import dev.kritik.trainer.data.Mixture;
import dev.kritik.trainer.run.Course;
import dev.kritik.trainer.run.Kind;
import dev.kritik.trainer.run.Session;
import dev.kritik.trainer.run.Source;
import dev.kritik.trainer.run.TrainConfig;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * The training of a Meta RM: binary cross-entropy on "this sample is right", from the conversation, the responses as shown and
 * the critique. A language model gets a new head; a model with a scalar head is trained on. Hinted critiques are left out: who
 * was told the answer criticises in another way.
 */
public final class MetaRmTraining {

    private MetaRmTraining() {}

    /**
     * Trains; a folder that holds a run of the same configuration goes on.
     *
     * @param stop asked after each step; true ends the training with a checkpoint
     * @throws ConfigError naming the key at fault
     * @throws dev.kritik.trainer.data.DataException naming file and line
     * @throws TrainException if it can't begin or go on
     * @throws dev.kritik.lm.checkpoint.CheckpointException when the model can't be used
     */
    public static TrainReport train(TrainJob job, TrainListener listener, BooleanSupplier stop) {
        MetaRmConfig config = MetaRmConfig.from(job.config());
        if (!job.mix().isEmpty()) {
            throw new ConfigError("a Meta RM takes no general data: it has no labels");
        }
        try (Session session = Session.open(Kind.META_RM, job, List.of(MetaRmConfig.DEF), listener, stop)) {
            if (session.config().randomInit()) {
                throw new ConfigError("train.init is random: a Meta RM begins with the weights of a model");
            }
            Checkpoint checkpoint = Checkpoint.open(job.model());
            try (ChatEncoder encoder = ChatEncoder.open(checkpoint);
                    Trainee trainee = trainee(checkpoint, session.config())) {
                return train(job, config, session, checkpoint, encoder, trainee);
            }
        }
    }

    private static Trainee trainee(Checkpoint checkpoint, TrainConfig config) {
        ModelConfig model = checkpoint.config();
        if (model.head() == ModelConfig.Head.LANGUAGE_MODEL) {
            return Trainee.withScoreHead(checkpoint, config.engine(), config.seed());
        }
        if (model.labels() != 1) {
            throw new TrainException(
                    checkpoint.folder() + " gives " + model.labels() + " numbers: a Meta RM gives one");
        }
        return Trainee.load(checkpoint, config.engine());
    }

    private static TrainReport train(
            TrainJob job,
            MetaRmConfig meta,
            Session session,
            Checkpoint checkpoint,
            ChatEncoder encoder,
            Trainee trainee) {
        TrainConfig config = session.config();
        Split split = split(job, meta, session, encoder, config.maxTokens(checkpoint));
        Mixture mixture = new Mixture(split.train().size(), 0, 0, config.seed());
        Course course = new Course(mixture, config.batch(Kind.META_RM));
        MetaObjective objective = new MetaObjective(trainee, split, course, config.microTokens());
        return session.train(trainee, new Source(checkpoint, Optional.empty()), mixture.size(), objective);
    }

    private static Split split(TrainJob job, MetaRmConfig meta, Session session, ChatEncoder encoder, int most) {
        TrainListener listener = session.listener();
        Examples<Judged> data = Examples.judged("critiques", job.data(), encoder, most);
        listener.note(data.intake().words());
        Split split;
        if (job.eval().isPresent()) {
            Examples<Judged> held =
                    Examples.judged("evaluation critiques", List.of(job.eval().get()), encoder, most);
            listener.note(held.intake().words());
            split = new Split(scored(data), scored(held));
        } else {
            split = Split.of(data.items(), meta.holdout(), session.config().seed());
        }
        if (split.train().isEmpty()) {
            throw new TrainException(
                    "all critiques were held out: there are too few queries for meta.holdout " + meta.holdout());
        }
        listener.note(Split.balance("to learn from", split.train()));
        if (!split.held().isEmpty()) {
            listener.note(Split.balance("held out", split.held()));
        }
        if (split.train().stream().mapToDouble(Scored::label).distinct().count() == 1) {
            throw new TrainException(
                    "all critiques to learn from have the same label: right and wrong ones are needed");
        }
        return split;
    }

    private static List<Scored> scored(Examples<Judged> examples) {
        return examples.items().stream().map(Judged::scored).toList();
    }
}
