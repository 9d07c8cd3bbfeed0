/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.meta;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.worker.meta.djl.DjlMetaRm;
import dev.kritik.worker.meta.vllm.VllmMetaRm;

/** Opens Meta RMs. */
public final class MetaRms {

    private MetaRms() {}

    /**
     * Opens the Meta RM that is configured, with secrets from the environment of this process; empty when none is. A model is
     * loaded now, which may take minutes.
     *
     * @throws dev.kritik.schema.config.ConfigError if an environment variable or a file that is named is missing, or a
     *     model that is named can't be used
     */
    public static Optional<MetaRm> open(MetaConfig config) {
        return open(config, System::getenv);
    }

    /** The same, with an environment of the caller's. */
    public static Optional<MetaRm> open(MetaConfig config, UnaryOperator<String> environment) {
        return config.djl()
                .<MetaRm>map(djl -> DjlMetaRm.open(djl, environment))
                .or(() -> config.vllm().map(vllm -> new VllmMetaRm(vllm, environment, InstantSource.system())));
    }
}
