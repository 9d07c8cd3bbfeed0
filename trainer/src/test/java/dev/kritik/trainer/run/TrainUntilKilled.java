/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A process that trains for ever, with a checkpoint at each step, so that it is hardly ever not writing one. */
public final class TrainUntilKilled {

    private static final SortedMap<String, String> SETTINGS = new TreeMap<>(Map.of("run.kind", "rft"));

    private TrainUntilKilled() {}

    /** With the folder for the run. */
    public static void main(String[] arguments) throws IOException {
        train(Path.of(arguments[0]), new WithLargeFiles(), () -> false);
    }

    static TrainReport train(Path out, FakeTraining training, BooleanSupplier stop) throws IOException {
        Schedule schedule = new Schedule(0.1, 0, 1_000_000, Schedule.Shape.CONSTANT, 0);
        try (RunFolder run = RunFolder.open(out, SETTINGS, false)) {
            TrainLoop.Plan plan =
                    new TrainLoop.Plan(new TrainConfig.Keeping(1, 2, false), 1_000_000, schedule, 1, SETTINGS);
            return new TrainLoop(plan, run, training, training, training, stop).run();
        }
    }

    private static final class WithLargeFiles extends FakeTraining {
        @Override
        public void save(Path folder) throws IOException {
            super.save(folder);
            Files.write(folder.resolve("more.safetensors"), new byte[4 << 20]);
        }
    }
}
