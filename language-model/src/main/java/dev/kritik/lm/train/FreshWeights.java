/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;

import dev.kritik.lm.checkpoint.ModelConfig;
import dev.kritik.lm.checkpoint.WeightLayout.Weight;

/** Weights to begin with. Those of one name depend on the seed alone, not on what else a model has. */
record FreshWeights(ModelConfig config, double deviation, long seed) {

    float[] of(Weight weight) {
        String name = weight.name();
        int size = Math.toIntExact(weight.shape().stream().reduce(1L, Math::multiplyExact));
        float[] values = new float[size];
        if (name.endsWith("norm.weight")) {
            Arrays.fill(values, config.normPlusOne() ? 0 : 1);
        } else if (!name.endsWith(".bias")) {
            // As in GPT-2: what a layer adds to the residual stream keeps its size, however many layers there are.
            boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
            fill(values, residual ? deviation / Math.sqrt(2.0 * config.layers()) : deviation, name);
        }
        return values;
    }

    private void fill(float[] values, double deviation, String name) {
        // Its nextGaussian is specified to the bit; its seeds need mixing, or near ones give like numbers.
        Random random = new Random(new SplittableRandom(seed ^ ((long) name.hashCode() << 32)).nextLong());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
    }
}
