/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.judge.djl.DjlConfig;

/**
 * The configuration keys that the recipe takes, by the part that reads them. None of them holds a secret or an address: the
 * trainings' keys are shown on the terminal, and whatever is sampled goes to the recipe's own installation.
 *
 * @param training for each training
 * @param judge for the worker of the installation
 */
record NanoKeys(SortedMap<String, String> training, SortedMap<String, String> judge) {

    private static final List<String> TRAINING =
            List.of("train.", "rl.", "kl.", "mix.", "eval.", "data.", "meta.holdout");

    private static final List<String> JUDGE = List.of(DjlConfig.PREFIX, "critic.");

    private static final String MODEL = DjlConfig.PREFIX + "model";

    /**
     * Tells them apart.
     *
     * @throws ConfigError naming the first key that the recipe has no use for
     */
    static NanoKeys of(Map<String, String> given) {
        SortedMap<String, String> training = new TreeMap<>();
        SortedMap<String, String> judge = new TreeMap<>();
        new TreeMap<>(given).forEach((key, value) -> {
            if (TRAINING.stream().anyMatch(key::startsWith)) {
                training.put(key, value);
            } else if (JUDGE.stream().anyMatch(key::startsWith) && !key.equals(MODEL)) {
                judge.put(key, value);
            } else {
                throw new ConfigError("'kritik train nano' can't take " + key
                        + ": it runs an installation of its own, with the judge that it is training. It takes keys of"
                        + " trainings (train.*, rl.*, kl.*, mix.*, eval.*, data.*, meta.holdout) and of how that judge"
                        + " samples (" + DjlConfig.PREFIX + "*, critic.*)");
            }
        });
        return new NanoKeys(training, judge);
    }
}
