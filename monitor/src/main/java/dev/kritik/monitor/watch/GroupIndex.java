/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The newest groups. Topics are read side by side, so a group's reward may come before its rollouts. Beyond the limit groups
 * that ended are let go first, the oldest first. Not safe for use by many threads.
 */
final class GroupIndex {

    private final int limit;
    private final Map<GroupKey, Entry> waiting = new LinkedHashMap<>();
    private final Map<GroupKey, Entry> ended = new LinkedHashMap<>();
    private final Consumer<Entry> letGoOpen;
    private long letGo;

    /**
     * An empty index.
     *
     * @param letGoOpen is told of groups that were let go before their end was seen
     */
    GroupIndex(int limit, Consumer<Entry> letGoOpen) {
        this.limit = limit;
        this.letGoOpen = letGoOpen;
    }

    /** The group; a new entry where it is not known. */
    Entry of(GroupKey id) {
        Entry known = waiting.get(id);
        if (known == null) {
            known = ended.get(id);
        }
        if (known == null) {
            known = new Entry(id);
            waiting.put(id, known);
            shrink();
        }
        return known;
    }

    Optional<Entry> known(GroupKey id) {
        return Optional.ofNullable(waiting.getOrDefault(id, ended.get(id)));
    }

    /** The group has its reward now. */
    void end(Entry entry) {
        waiting.remove(entry.id);
        ended.put(entry.id, entry);
    }

    void remove(Entry entry) {
        waiting.remove(entry.id);
        ended.remove(entry.id);
    }

    /** Lets go of what nothing has been heard of since. */
    void expire(long beforeMs) {
        expire(waiting, beforeMs);
        expire(ended, beforeMs);
    }

    private void expire(Map<GroupKey, Entry> entries, long beforeMs) {
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.lastMs < beforeMs) {
                all.remove();
                gone(entry);
            }
        }
    }

    private void shrink() {
        while (waiting.size() + ended.size() > limit) {
            Iterator<Entry> oldest =
                    (ended.isEmpty() ? waiting : ended).values().iterator();
            Entry entry = oldest.next();
            oldest.remove();
            letGo++;
            gone(entry);
        }
    }

    private void gone(Entry entry) {
        if (entry.open()) {
            letGoOpen.accept(entry);
        }
    }

    /** Groups that were let go because there were too many. */
    long letGo() {
        return letGo;
    }

    /** Groups whose end was not seen; among them such of which no rollout was seen either. */
    Collection<Entry> waiting() {
        return waiting.values();
    }

    /** Groups whose end was seen, in the order of their ends. */
    Collection<Entry> ended() {
        return ended.values();
    }

    List<GroupLine> list(GroupFilter filter, long nowMs) {
        List<GroupLine> lines = new ArrayList<>();
        waiting.values().forEach(entry -> lines.add(entry.line()));
        ended.values().forEach(entry -> lines.add(entry.line()));
        return lines.stream()
                .filter(filter::takes)
                .sorted(order(filter.order(), nowMs))
                .limit(filter.limit())
                .toList();
    }

    private static Comparator<GroupLine> order(GroupFilter.Order order, long nowMs) {
        Comparator<GroupLine> newest = Comparator.comparingLong(GroupLine::sinceMs)
                .reversed()
                .thenComparing(line -> line.id().job())
                .thenComparing(line -> line.id().group())
                .thenComparingInt(line -> line.id().attempt());
        return switch (order) {
            case NEWEST -> newest;
            case SLOWEST ->
                Comparator.<GroupLine>comparingLong(line -> line.ageMs(nowMs))
                        .reversed()
                        .thenComparing(newest);
            case FAILED ->
                Comparator.<GroupLine>comparingInt(GroupIndex::trouble).thenComparing(newest);
        };
    }

    private static int trouble(GroupLine line) {
        if (line.ending() == null) {
            return 2;
        }
        return switch (line.ending().status()) {
            case "FAILED", "TIMEOUT" -> 0;
            case "PARTIAL" -> 1;
            default -> 3;
        };
    }
}
