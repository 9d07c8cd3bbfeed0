/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

/** Runs of four characters by their hash, for sets that tell what is surely not among them: Bloom filters with one hash. */
final class Grams {

    static final int LENGTH = Literals.SHORTEST;

    /** Hashes have so many bits. */
    static final int BITS = 14;

    private Grams() {}

    /** The hash of each run of a text, by where it begins. */
    static int[] hashes(String text) {
        int[] hashes = new int[Math.max(0, text.length() - LENGTH + 1)];
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = (run << 8) | (text.charAt(i) & 0xff);
            if (i >= LENGTH - 1) {
                hashes[i - LENGTH + 1] = (run * 0x9E3779B1) >>> (32 - BITS);
            }
        }
        return hashes;
    }
}
