/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.LanguageModel;
import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.GeneratorSettings;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

/** The model in training as a judge. The same weights and asks give the same bits on a CPU. */
public final class InProcessJudge implements AutoCloseable {

    private final LanguageModel model;

    private InProcessJudge(LanguageModel model) {
        this.model = model;
    }

    /**
     * Opens a model; its weights are those of the checkpoint until they are {@link #update updated}.
     *
     * @param rows most outputs that are written at once
     * @throws dev.kritik.lm.checkpoint.CheckpointException when it can't be used
     */
    public static InProcessJudge open(Path checkpoint, EngineSettings engine, int rows) {
        GeneratorSettings settings = new GeneratorSettings(
                rows,
                0,
                GeneratorSettings.defaults().prefillChunk(),
                // All asks come at once: waiting for more would make the order of computing a matter of chance.
                Duration.ZERO,
                Integer.MAX_VALUE);
        return new InProcessJudge(LanguageModel.open(checkpoint, engine, settings));
    }

    /** Takes the weights as they are in training now. */
    public void update(Trainee trainee) {
        model.update(trainee);
    }

    /** Most tokens of a prompt and its output together. */
    public int contextLength() {
        return model.contextLength();
    }

    /**
     * Writes outputs, and waits for all.
     *
     * @throws TrainException if one can't be written
     */
    public List<Output> write(List<Ask> asks, Sampling sampling) {
        List<GenerateRequest> requests = asks.stream()
                .map(ask -> new GenerateRequest(ask.task().id(), ask.prompt(), sampling, ask.seed(), Instant.MAX))
                .toList();
        List<Output> outputs = new ArrayList<>();
        try {
            List<Generated> all = model.generateTogether(requests);
            for (int i = 0; i < all.size(); i++) {
                outputs.add(judged(asks.get(i), all.get(i)));
            }
            return outputs;
        } catch (CompletionException e) {
            if (e.getCause() instanceof GenerationException failure) {
                throw new TrainException("an output can't be written: " + failure.getMessage(), failure);
            }
            throw e;
        }
    }

    private static Output judged(Ask ask, Generated generated) {
        boolean cut = generated.finish() == Generated.Finish.LENGTH;
        Parsed parsed =
                ScoreParser.parse(generated.text(), ask.task().responses().size(), cut ? "length" : "stop");
        return new Output(
                ask, generated, Verdict.of(parsed, ask.order(), ask.task().truth()));
    }

    @Override
    public void close() {
        model.close();
    }
}
