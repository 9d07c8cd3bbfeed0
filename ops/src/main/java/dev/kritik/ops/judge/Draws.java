/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Chance that can be repeated: the draws of one request follow from the seed, the request's id and the number of its
 * arrival alone, whatever else goes on and in whatever order requests come.
 */
final class Draws {

    private final long state;

    private Draws(long state) {
        this.state = state;
    }

    /**
     * The draws of one arrival of a request.
     *
     * @param arrival counts the arrivals of the same request id, from 0
     */
    static Draws of(long seed, String requestId, int arrival) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((seed + "\n" + arrival + "\n" + requestId).getBytes(StandardCharsets.UTF_8));
            return new Draws(ByteBuffer.wrap(digest).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The draw of a number, evenly spread over 0 (inclusive) to 1 (exclusive); the same number gives the same draw. */
    double uniform(int number) {
        return (mix(state + number * 0x9E3779B97F4A7C15L) >>> 11) * 0x1.0p-53;
    }

    /** The finalizer of SplitMix64: spreads every bit of the input over all bits of the output. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
