/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.scaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import dev.kritik.lm.RewardModel;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.lm.text.ChatMessage;
import dev.kritik.lm.text.PromptException;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.data.Truth;
import dev.kritik.trainer.judge.Ask;
import dev.kritik.trainer.judge.InProcessJudge;
import dev.kritik.trainer.judge.Output;
import dev.kritik.trainer.judge.TaskPrompts;
import dev.kritik.worker.prompt.MetaPrompt;

/** Draws critiques of tasks from a model in this process, and has a Meta RM score them. For one thread. */
public final class Sampler {

    private static final int TASKS_AT_ONCE = 16;

    private final InProcessJudge judge;
    private final Optional<RewardModel> meta;
    private final TaskPrompts prompts;
    private final long seed;

    /** With a Meta RM, or none. The models stay the caller's to close. */
    public Sampler(InProcessJudge judge, Optional<RewardModel> meta, TaskPrompts prompts, long seed) {
        this.judge = judge;
        this.meta = meta;
        this.prompts = prompts;
        this.seed = seed;
    }

    /**
     * Samples of each task, all its responses in one prompt, in an order of its own for each sample.
     *
     * @param progress told how many tasks are done
     */
    public List<Drawn> list(List<RlTask> tasks, int k, Sampling sampling, IntConsumer progress) {
        List<Drawn> all = new ArrayList<>();
        for (int from = 0; from < tasks.size(); from += TASKS_AT_ONCE) {
            List<RlTask> some = tasks.subList(from, Math.min(tasks.size(), from + TASKS_AT_ONCE));
            List<Ask> asks = new ArrayList<>();
            for (RlTask task : some) {
                for (int sample = 0; sample < k; sample++) {
                    asks.add(ask(task, sample));
                }
            }
            List<Output> outputs = judge.write(asks, sampling);
            List<Double> logits = logits(outputs);
            for (int i = 0; i < some.size(); i++) {
                List<Sample> samples = new ArrayList<>();
                int tokens = 0;
                int right = 0;
                for (int at = i * k; at < (i + 1) * k; at++) {
                    samples.add(new Sample(outputs.get(at).verdict().scores(), logits.get(at)));
                    tokens += outputs.get(at).generated().tokens().length;
                    right += outputs.get(at).verdict().correct() ? 1 : 0;
                }
                all.add(new Drawn(some.get(i), samples, tokens, right));
            }
            progress.accept(all.size());
        }
        return all;
    }

    /**
     * Samples of each task, each response in a prompt of its own. A sample of the task is what the samples of its responses
     * with the same number make together; without a score for each of them it has none.
     */
    public List<Drawn> single(List<RlTask> tasks, int k, Sampling sampling, IntConsumer progress) {
        List<Drawn> all = new ArrayList<>();
        for (RlTask task : tasks) {
            List<RlTask> parts = IntStream.range(0, task.responses().size())
                    .mapToObj(i -> new RlTask(
                            task.id() + "/" + i,
                            task.messages(),
                            task.reference(),
                            List.of(task.responses().get(i)),
                            new Truth.Score(1))) // not known, and not looked at
                    .toList();
            List<Drawn> drawn = list(parts, k, sampling, done -> {});
            List<Sample> samples = new ArrayList<>();
            for (int sample = 0; sample < k; sample++) {
                int number = sample;
                List<Integer> scores = drawn.stream()
                        .flatMap(part -> part.samples().get(number).scores().stream())
                        .toList();
                samples.add(new Sample(scores.size() == parts.size() ? scores : List.of(), Double.NaN));
            }
            all.add(new Drawn(
                    task, samples, drawn.stream().mapToInt(Drawn::tokens).sum(), 0));
            progress.accept(all.size());
        }
        return all;
    }

    private Ask ask(RlTask task, int sample) {
        long own = Seeds.of(seed, task.id(), sample);
        ShownOrder order = ShownOrder.draw(task.responses().size(), own);
        return new Ask(task, order, prompts.tokens(task, order, own), own & Integer.MAX_VALUE);
    }

    /** NaN where there is nothing to score, or no score. */
    private List<Double> logits(List<Output> outputs) {
        Map<Integer, CompletableFuture<Double>> asked = new HashMap<>();
        if (meta.isPresent()) {
            for (int i = 0; i < outputs.size(); i++) {
                Output output = outputs.get(i);
                if (output.verdict().invalid().isEmpty()) {
                    RlTask task = output.ask().task();
                    MetaPrompt prompt = MetaPrompt.of(
                            task.messages(),
                            output.ask().order().show(task.responses()),
                            output.generated().text());
                    asked.put(i, logit(task.id(), prompt));
                }
            }
        }
        return IntStream.range(0, outputs.size())
                .mapToObj(i -> asked.containsKey(i) ? asked.get(i).join() : Double.NaN)
                .toList();
    }

    /** NaN where the Meta RM can't read the sample, or gives no number: the vote goes on without its word. */
    private CompletableFuture<Double> logit(String id, MetaPrompt prompt) {
        try {
            int[] tokens = meta.orElseThrow()
                    .prompt(List.of(
                            new ChatMessage("user", prompt.user()), new ChatMessage("assistant", prompt.assistant())));
            return meta.orElseThrow().score(id, tokens, Instant.MAX).handle((score, failure) -> {
                if (failure == null) {
                    return (double) score;
                }
                if (aboutOneText(failure)) {
                    return Double.NaN;
                }
                throw new CompletionException(failure);
            });
        } catch (PromptException e) {
            return CompletableFuture.completedFuture(Double.NaN);
        }
    }

    private static boolean aboutOneText(Throwable failure) {
        return failure instanceof GenerationException e
                && (e.reason() == GenerationException.Reason.PROMPT_TOO_LONG
                        || (e.reason() == GenerationException.Reason.ENGINE && e.getCause() == null));
    }
}
