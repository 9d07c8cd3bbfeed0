/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is remembered of a group: places and numbers, no texts. */
final class Entry {

    /** Most places of critiques: of 64 samples in 8 panels. */
    static final int MOST_CRITIQUES = 512;

    final GroupKey id;
    final Map<Integer, Place> rollouts = new TreeMap<>();
    final List<Place> critiques = new ArrayList<>();
    Place reward;
    Ending ending;
    int size;
    int asked;
    int usable;
    int unusable;
    int more;
    long firstMs = Long.MAX_VALUE;
    long lastMs;

    Entry(GroupKey id) {
        this.id = id;
    }

    void touch(long atMs) {
        firstMs = Math.min(firstMs, atMs);
        lastMs = Math.max(lastMs, atMs);
    }

    void critique(Place place, boolean hasScores) {
        if (critiques.size() < MOST_CRITIQUES) {
            critiques.add(place);
        } else {
            more++;
        }
        if (hasScores) {
            usable++;
        } else {
            unusable++;
        }
    }

    /** Whether it waits for its end, as far as is known: rollouts came, and no reward. */
    boolean open() {
        return !rollouts.isEmpty() && reward == null;
    }

    String state() {
        if (ending != null) {
            return ending.status();
        }
        return asked + usable + unusable > 0 ? GroupLine.JUDGING : GroupLine.COLLECTING;
    }

    long sinceMs() {
        return ending != null ? Math.min(firstMs, ending.openedMs()) : firstMs;
    }

    GroupLine line() {
        return new GroupLine(id, state(), size, rollouts.size(), asked, usable, unusable, sinceMs(), ending);
    }

    GroupPlaces places() {
        List<Place> sorted = new ArrayList<>(critiques);
        sorted.sort(Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset));
        return new GroupPlaces(line(), List.copyOf(rollouts.values()), List.copyOf(sorted), reward, more);
    }
}
