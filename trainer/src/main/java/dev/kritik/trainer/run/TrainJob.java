/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be trained, on what, and into which folder.
 *
 * @param model folder of a checkpoint
 * @param data files to learn from, at least one
 * @param mix files of general instruction data; may be empty
 * @param eval a file to evaluate on while it runs
 * @param out folder of the run; one that holds a run of the same configuration goes on
 * @param resume whether there must be such a run
 * @param config keys of {@link TrainConfig#DEF} and of the kind of training; others are passed over
 */
public record TrainJob(
        Path model,
        List<Path> data,
        List<Path> mix,
        Optional<Path> eval,
        Path out,
        boolean resume,
        Map<String, String> config) {

    public TrainJob {
        data = List.copyOf(data);
        mix = List.copyOf(mix);
        config = Map.copyOf(config);
        if (data.isEmpty()) {
            throw new IllegalArgumentException("no data to learn from");
        }
    }
}
