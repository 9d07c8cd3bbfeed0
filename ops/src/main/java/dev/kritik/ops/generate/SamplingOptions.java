/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.kritik.lm.generate.Sampling;

/** The options that say how tokens are drawn. What is not given is as the checkpoint's generation_config.json says. */
final class SamplingOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Logits are divided by it; 0: always the likeliest token. Default: as the checkpoint says.")
    private Double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Only the likeliest tokens that together reach this probability. Default: as the checkpoint says.")
    private Double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Only the K likeliest tokens; 0: all. Default: as the checkpoint says.")
    private Integer topK;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens to write. Default: ${DEFAULT-VALUE}.",
            defaultValue = "512")
    private int maxTokens;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End the text where this appears, and cut it off. May be given several times.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the first sample; the next ones have the next numbers. Default: drawn, and printed.")
    private Long seed;

    /** Most tokens to write. */
    int maxTokens() {
        return maxTokens;
    }

    /** The seed that was given, or one that is drawn now. */
    long seed() {
        return seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
    }

    /**
     * The checkpoint's sampling with the options over it.
     *
     * @throws ParameterException saying which option is out of its limits
     */
    Sampling over(Sampling checkpoint) {
        try {
            return new Sampling(
                    temperature == null ? checkpoint.temperature() : temperature,
                    topK == null ? checkpoint.topK() : topK,
                    topP == null ? checkpoint.topP() : topP,
                    maxTokens,
                    stop.isEmpty() ? checkpoint.stop() : stop);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "the sampling can't be used: " + e.getMessage(), e);
        }
    }

    /** Looks at the limits before a model is opened. */
    void check() {
        if (maxTokens < 1) {
            throw new ParameterException(spec.commandLine(), "--max-tokens is " + maxTokens + ": at least 1");
        }
        var unused = over(Sampling.greedy(maxTokens));
    }
}
