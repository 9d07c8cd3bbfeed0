/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.List;

/**
 * SplitMix64 (Steele, Lea and Flood, 2014), seeded by a hash. Written out, since requests must come out the same on
 * every Java version for as long as recorded runs are to be replayed. For one thread.
 */
final class SeededRandom {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /** The stream of numbers that belongs to a group, a purpose, and numbers that tell it from others. */
    SeededRandom(GroupId id, String purpose, int first, int second) {
        this.state = Hash.of(List.of(
                        "kritik-plan-1",
                        id.job(),
                        id.group(),
                        Integer.toString(id.attempt()),
                        purpose,
                        Integer.toString(first),
                        Integer.toString(second)))
                .first();
    }

    long next() {
        state += GOLDEN_GAMMA;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** A number in 0 .. bound-1; its bias of bound / 2^64 is far below anything that a group could show. */
    int below(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    /** 0 .. size-1 in an order of chance (Fisher and Yates). */
    int[] permutation(int size) {
        int[] numbers = new int[size];
        for (int i = 0; i < size; i++) {
            int other = below(i + 1);
            numbers[i] = numbers[other];
            numbers[other] = i;
        }
        return numbers;
    }
}
