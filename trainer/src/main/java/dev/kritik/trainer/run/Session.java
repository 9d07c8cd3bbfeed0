/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import org.apache.kafka.common.config.ConfigDef;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

import dev.kritik.lm.train.Trainee;
import dev.kritik.trainer.run.TrainReport.Ending;

/** A training from the opening of its folder to its report. Opened first, so that what can't go on is said at once. */
public final class Session implements AutoCloseable {

    private final Kind kind;
    private final TrainConfig config;
    private final SortedMap<String, String> settings;
    private final RunFolder folder;
    private final TrainListener listener;
    private final BooleanSupplier stop;

    private Session(
            Kind kind,
            TrainConfig config,
            SortedMap<String, String> settings,
            RunFolder folder,
            TrainListener listener,
            BooleanSupplier stop) {
        this.kind = kind;
        this.config = config;
        this.settings = settings;
        this.folder = folder;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Opens the folder of a run.
     *
     * @param more keys of this kind of training, besides {@link TrainConfig#DEF}
     * @param stop asked after each step; true ends the training with a checkpoint
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     * @throws TrainException if the folder can't be used, or holds a run of another configuration
     */
    public static Session open(
            Kind kind, TrainJob job, List<ConfigDef> more, TrainListener listener, BooleanSupplier stop) {
        TrainConfig config = TrainConfig.from(job.config());
        List<ConfigDef> definitions = new ArrayList<>(more);
        definitions.add(TrainConfig.DEF);
        try {
            SortedMap<String, String> settings = Settings.of(kind, job, !config.randomInit(), definitions);
            RunFolder folder = RunFolder.open(job.out(), settings, job.resume());
            return new Session(kind, config, settings, folder, listener, stop);
        } catch (IOException e) {
            throw new TrainException(job.out() + " can't be used: " + e.getMessage(), e);
        }
    }

    /** The shared keys. */
    public TrainConfig config() {
        return config;
    }

    /** Where people are told what happens. */
    public TrainListener listener() {
        return listener;
    }

    /** Whether it is to end. */
    public boolean stopped() {
        return stop.getAsBoolean();
    }

    /** A file, or a folder, for what a kind of training has to remember from before its first step. */
    public Path prepared(String name) {
        return folder.prepared().resolve(name);
    }

    /**
     * Writes such a file, as a whole or not at all.
     *
     * @throws TrainException if it can't be written
     */
    public void remember(String name, String text) {
        try {
            Files.createDirectories(folder.prepared());
            Disk.write(prepared(name), text);
        } catch (IOException e) {
            throw new TrainException(prepared(name) + " can't be written: " + e.getMessage(), e);
        }
    }

    /** A file of lines that each belong to a step, in the run's folder. */
    public StepLines lines(String name) {
        return folder.lines(name);
    }

    /** The end of a training that was told to stop before its first step. */
    public TrainReport stoppedEarly() {
        return new TrainReport(Ending.STOPPED, folder.path(), Optional.empty(), 0, 0, 0, Map.of(), List.of());
    }

    /**
     * Trains.
     *
     * @param source what the trainee was made from
     * @param examples of an epoch
     * @throws TrainException if it can't go on; the folder holds the last good checkpoint
     */
    public TrainReport train(Trainee trainee, Source source, int examples, Objective objective) {
        int total = config.steps(kind, examples);
        TrainLoop.Plan plan = new TrainLoop.Plan(
                config.keeping(), config.evalEvery(), config.schedule(kind, total), config.seed(), settings);
        try {
            return new TrainLoop(plan, folder, new TraineeLearner(trainee, source, config), objective, listener, stop)
                    .run();
        } catch (IOException | UncheckedIOException e) {
            throw new TrainException(folder.path() + " can't be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the lock ends with the process
        }
    }
}
