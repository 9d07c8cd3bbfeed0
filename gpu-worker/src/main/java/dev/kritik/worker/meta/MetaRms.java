/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.worker.meta.vllm.VllmMetaRm;

/** Opens Meta RMs. */
public final class MetaRms {

    private MetaRms() {}

    /**
     * Opens the Meta RM that is configured, with keys from the environment of this process; empty when none is.
     *
     * @throws dev.kritik.schema.config.ConfigError if an environment variable or a file that is named is missing
     */
    public static Optional<MetaRm> open(MetaConfig config) {
        return open(config, System::getenv);
    }

    /** The same, with an environment of the caller's. */
    public static Optional<MetaRm> open(MetaConfig config, UnaryOperator<String> environment) {
        return config.vllm().map(vllm -> new VllmMetaRm(vllm, environment, InstantSource.system()));
    }
}
