/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

/**
 * The uniform numbers of a text: the n-th depends on the seed and n alone, so that a text is the same whatever else is
 * computed beside it. (SplitMix64's finaliser: Steele, Lea, Flood, OOPSLA 2014.)
 */
final class Uniforms {

    private Uniforms() {}

    /** The number for the {@code index}-th token, in [0, 1). */
    static double at(long seed, int index) {
        long z = mix(seed) + (index + 1L) * 0x9E3779B97F4A7C15L;
        return (mix(z) >>> 11) * 0x1.0p-53;
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
