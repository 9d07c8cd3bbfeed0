/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.util.Comparator;

/** Where a record stands on its topic. */
public record Position(int partition, long offset) implements Comparable<Position> {

    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::partition).thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
