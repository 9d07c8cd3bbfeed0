/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.kritik.client.ClientException;
import dev.kritik.lm.EngineException;
import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.trainer.data.DataException;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainJob;
import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * A training as a command: it says how it goes, ends cleanly when it is told to, and ends with an exit code.
 *
 * @param metrics where its figures can be fetched
 */
record TrainRun(CommonOptions common, MetricsOptions metrics) {

    /**
     * A step of a large model, and its checkpoint, may take that long. Whoever can't wait sends SIGKILL: the last checkpoint
     * is good then, too.
     */
    private static final Duration GRACE = Duration.ofMinutes(30);

    /** One of the trainings. */
    @FunctionalInterface
    interface Training {
        TrainReport train(TrainJob job, TrainListener listener, BooleanSupplier stop);
    }

    /**
     * Trains until the end, or until the process is told to end.
     *
     * @return the exit code
     */
    int run(TrainJob job, Training training) {
        TrainPrinter printer = new TrainPrinter(common.out(), common.err(), common.json());
        try (MetricsOptions.Running served = metrics.serve(printer);
                Interruption told =
                        new Interruption(GRACE, () -> printer.note("finishing the step, then a checkpoint"))) {
            TrainReport report = training.train(job, served.listener(), told::came);
            printer.ended(report);
            return switch (report.ending()) {
                case FINISHED -> ExitCode.OK;
                case NOT_SAVED -> ExitCode.FAILURE;
                case STOPPED -> ExitCode.INTERRUPTED;
            };
        } catch (TrainException | DataException | CheckpointException | EngineException | ClientException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }
}
