/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

import dev.kritik.lm.train.StepStats;
import dev.kritik.trainer.run.TrainReport.Ending;

/**
 * The steps of a run, its metrics and its checkpoints. Whatever ends the process, the folder holds the last good checkpoint
 * and goes on from there; a checkpoint that can't be written is said, and the training goes on.
 */
final class TrainLoop {

    /** So many steps without a finite gradient one after another: the weights will not recover by themselves. */
    private static final int HOPELESS = 20;

    /**
     * A run.
     *
     * @param keeping when checkpoints are written, and which stay
     * @param evalEvery steps between evaluations
     * @param schedule learning rates; its total is the number of steps
     * @param seed of the run
     * @param settings all that the result depends on, for {@code config.properties} and the report
     */
    record Plan(
            TrainConfig.Keeping keeping,
            int evalEvery,
            Schedule schedule,
            long seed,
            SortedMap<String, String> settings) {}

    private final Plan plan;
    private final RunFolder folder;
    private final Learner learner;
    private final Objective objective;
    private final TrainListener listener;
    private final BooleanSupplier stop;

    private final Checkpoints checkpoints;
    private final StepLines metrics;
    private final List<String> problems = new ArrayList<>();
    private Position position;
    private int saved;
    private int skippedInARow;
    private Map<String, Object> last = Map.of();

    TrainLoop(
            Plan plan,
            RunFolder folder,
            Learner learner,
            Objective objective,
            TrainListener listener,
            BooleanSupplier stop)
            throws IOException {
        this.plan = plan;
        this.folder = folder;
        this.learner = learner;
        this.objective = objective;
        this.listener = listener;
        this.stop = stop;
        this.checkpoints = folder.checkpoints();
        this.metrics = folder.metrics();
        this.position = Position.start(plan.seed());
    }

    /**
     * Trains until all steps are done, or it is told to stop.
     *
     * @throws TrainException if it can't go on
     * @throws IOException if the folder can't be read
     */
    TrainReport run() throws IOException {
        resume();
        int total = plan.schedule().total();
        listener.begins(position.step(), total);
        if (position.step() == 0) {
            evaluateFirst();
        }
        boolean stopped = false;
        while (position.step() < total && !stopped) {
            long begin = System.nanoTime();
            stopped = !objective.ready(position.step() + 1, stop);
            if (!stopped) {
                step(begin);
                stopped = stop.getAsBoolean() && position.step() < total;
            }
            // Told to stop while it waits: that of the step before is there, and is not put at risk by writing it anew.
            if (saved < position.step() && (due(plan.keeping().every()) || position.isBest() || stopped)) {
                checkpoint();
            }
        }
        if (saved < position.step()) {
            checkpoint();
        }
        return stopped ? report(Ending.STOPPED, Optional.empty()) : finish();
    }

    private void resume() throws IOException {
        Optional<Checkpoints.Found> newest = checkpoints.newest(listener::warning);
        if (newest.isPresent()) {
            Checkpoints.Found found = newest.get();
            learner.loadState(found.folder().resolve(Checkpoints.STATE));
            Path progress = found.folder().resolve(Checkpoints.PROGRESS);
            if (Files.exists(progress)) {
                objective.restore(Files.readString(progress));
            }
            position = found.position();
            saved = position.step();
            listener.note("going on from " + found.folder());
        }
        metrics.truncateAfter(position.step() == 0 ? -1 : position.step());
        List<Map<String, Object>> lines = metrics.read();
        last = lines.isEmpty() ? Map.of() : lines.getLast();
    }

    /** Where it begins, to compare with. */
    private void evaluateFirst() {
        objective.evaluate().ifPresent(first -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", 0);
            line.putAll(first.values());
            told(line);
        });
    }

    /** Does a step that began, perhaps with waiting, at a time. */
    private void step(long begin) {
        int step = position.step() + 1;
        double rate = plan.schedule().at(step);
        Updates updates = new Updates(rate);
        Map<String, Object> values = objective.step(step, updates);
        position = position.next();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.putAll(values);
        line.put("lr", rate);
        line.put("grad_norm", updates.norm);
        if (updates.skipped > 0) {
            line.put("skipped_updates", updates.skipped);
            skipped(step);
        } else {
            skippedInARow = 0;
        }
        line.put("seconds", (System.nanoTime() - begin) / 1e9);
        if (due(plan.evalEvery()) || step == plan.schedule().total()) {
            objective.evaluate().ifPresent(evaluation -> {
                position = position.evaluated(evaluation.score());
                line.putAll(evaluation.values());
            });
        }
        told(line);
    }

    private void skipped(int step) {
        skippedInARow++;
        listener.warning("step " + step + ": the gradient is not finite; the weights are as before");
        if (skippedInARow == HOPELESS) {
            throw new TrainException(
                    HOPELESS + " steps one after another gave no finite gradient, the last one is " + step
                            + ": the training has diverged. A smaller train.lr or a longer train.warmup.steps may help; the"
                            + " checkpoints in " + folder.path() + " are of before");
        }
    }

    private boolean due(int every) {
        return position.step() % every == 0;
    }

    private void told(Map<String, Object> line) {
        last = line;
        try {
            metrics.append(line);
        } catch (IOException e) {
            listener.warning("the metrics of step " + line.get("step") + " are not on the disk: " + e.getMessage());
        }
        listener.step(line);
    }

    private void checkpoint() {
        int step = position.step();
        if (step == 0) {
            return;
        }
        try {
            metrics.force();
            checkpoints.save(position, temporary -> {
                learner.save(temporary);
                learner.saveState(temporary.resolve(Checkpoints.STATE));
                Optional<String> progress = objective.state();
                if (progress.isPresent()) {
                    Disk.write(temporary.resolve(Checkpoints.PROGRESS), progress.get());
                }
            });
            saved = step;
            listener.checkpoint(step, checkpoints.of(step));
            tidy();
        } catch (IOException e) {
            problem("the checkpoint of step " + step + " can't be written: " + e.getMessage()
                    + (saved == 0 ? "" : "; that of step " + saved + " is kept"));
        }
    }

    /** What can fail without harm to what was saved. */
    private void tidy() {
        try {
            checkpoints.prune(plan.keeping().last(), position.bestStep());
            writeReport();
        } catch (IOException e) {
            listener.warning("old checkpoints can't be removed, or the report can't be written: " + e.getMessage());
        }
    }

    /** The checkpoint whose weights the final model has; empty: the last weights. */
    private Optional<Path> best() {
        if (!plan.keeping().bestIsFinal() || position.bestStep() <= 0 || position.bestStep() == position.step()) {
            return Optional.empty();
        }
        Path best = checkpoints.of(position.bestStep());
        Optional<String> broken = Manifest.problem(best);
        broken.ifPresent(why -> problem("the best checkpoint, " + best + ", is not there or broken (" + why
                + "): the final model has the last weights instead"));
        return broken.isPresent() ? Optional.empty() : Optional.of(best);
    }

    private TrainReport finish() {
        Path target = folder.finalModel();
        try {
            Optional<Path> best = best();
            Checkpoints.write(target, temporary -> {
                if (best.isPresent()) {
                    copyModel(best.get(), temporary);
                } else {
                    learner.save(temporary);
                }
            });
            tidy();
            return report(Ending.FINISHED, Optional.of(target));
        } catch (IOException e) {
            problem("the final model can't be written to " + target + ": " + e.getMessage()
                    + (saved == position.step()
                            ? "; it is in " + checkpoints.of(saved)
                            : saved == 0 ? "" : "; the checkpoint of step " + saved + " is kept"));
            return report(Ending.NOT_SAVED, Optional.empty());
        }
    }

    private static void copyModel(Path checkpoint, Path target) throws IOException {
        for (Path file : Disk.files(checkpoint)) {
            String name = file.getFileName().toString();
            if (!Checkpoints.OWN.contains(name)) {
                Files.copy(file, target.resolve(name));
            }
        }
    }

    private void writeReport() throws IOException {
        Disk.write(
                folder.report(),
                HtmlReport.of(plan.settings(), metrics.read(), plan.schedule().total()));
    }

    private TrainReport report(Ending ending, Optional<Path> finalModel) {
        return new TrainReport(
                ending,
                folder.path(),
                finalModel,
                position.step(),
                plan.schedule().total(),
                position.bestStep(),
                Collections.unmodifiableMap(last),
                problems);
    }

    private void problem(String text) {
        problems.add(text);
        listener.warning(text);
    }

    /** The optimizer's steps within one step of the run. */
    private final class Updates implements Objective.Update {
        private final double rate;
        private double norm;
        private int skipped;

        Updates(double rate) {
            this.rate = rate;
        }

        @Override
        public StepStats apply() {
            StepStats stats = learner.step(rate);
            norm = stats.gradNorm();
            skipped += stats.skipped() ? 1 : 0;
            return stats;
        }
    }
}
