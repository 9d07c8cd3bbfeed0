/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.SplittableRandom;

/** When the next group is sent. */
public sealed interface Pace {

    /**
     * Open loop: groups come by chance (a Poisson process), whatever has become of those before. A group's time counts from
     * when it was due, also where the sender was late: a pipeline that holds up its sender gains nothing.
     *
     * @param groupsPerSecond mean rate, above 0
     * @param seed of the times
     */
    record Open(double groupsPerSecond, long seed) implements Pace {
        public Open {
            if (!(groupsPerSecond > 0) || Double.isInfinite(groupsPerSecond)) {
                throw new IllegalArgumentException("a rate of " + groupsPerSecond + " groups/s is not above 0");
            }
        }

        /** Pauses between groups, in nanoseconds. */
        Pauses pauses() {
            SplittableRandom random = new SplittableRandom(seed);
            return () -> (long) (-Math.log(1 - random.nextDouble()) / groupsPerSecond * 1e9);
        }
    }

    /**
     * Closed loop: a group is sent as soon as fewer than so many wait for their reward.
     *
     * @param underWay at least 1
     */
    record Closed(int underWay) implements Pace {
        public Closed {
            if (underWay < 1) {
                throw new IllegalArgumentException("with " + underWay + " groups under way nothing is ever sent");
            }
        }
    }

    /** Draws pauses. */
    @FunctionalInterface
    interface Pauses {
        /** The next one, in nanoseconds. */
        long next();
    }
}
