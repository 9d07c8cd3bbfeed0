/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.generate.Models;
import dev.kritik.trainer.run.TrainJob;

/** What all trainings are given, and how they run as a command. */
public final class TrainOptions {

    @Mixin
    private CommonOptions common;

    @Mixin
    private MetricsOptions metrics;

    @Option(
            names = "--model",
            paramLabel = "DIR|ORG/NAME",
            required = true,
            description =
                    "What to begin with: a folder with a Hugging Face checkpoint, or org/name or org/name@revision on a"
                            + " model hub.")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "What to learn from: JSON Lines. May be given several times.")
    private List<Path> data;

    @Option(names = "--eval", paramLabel = "FILE", description = "What to evaluate on while it runs: JSON Lines.")
    private Path eval;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder of the run: a new one, or that of a run with the same data and configuration, which goes on.")
    private Path out;

    @Option(names = "--resume", description = "Fail unless there is a run in --out that can go on.")
    private boolean resume;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Short for --set train.device=...")
    private String device;

    /**
     * Trains until the end, or until the process is told to end.
     *
     * @param mix files of general data
     * @return the exit code
     */
    int run(List<Path> mix, TrainRun.Training training) {
        Map<String, String> config = new TreeMap<>(common.config());
        if (device != null) {
            config.put("train.device", device);
        }
        Path folder = Models.fetch(model, common.err()); // Ctrl-C just ends a download
        return new TrainRun(common, metrics)
                .run(new TrainJob(folder, data, mix, Optional.ofNullable(eval), out, resume, config), training);
    }
}
