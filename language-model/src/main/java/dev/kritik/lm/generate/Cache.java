/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.torch.Decoder;

/**
 * The decoder's memory for texts: which segments and groups there are, and how much they may take. Tokens are counted as
 * rows could come to need them, so that a text that was begun can always be finished.
 */
final class Cache {

    /** Groups without a segment hold rows of about the same size, or short rows would pay for the longest one. */
    private static final int LEAST_SIZE = 256;

    private final Decoder decoder;
    private final long limit;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private long nextId;
    private long clock;

    Cache(Decoder decoder, long limit) {
        this.decoder = decoder;
        this.limit = limit;
    }

    List<Group> groups() {
        return groups;
    }

    List<Segment> segments() {
        return segments;
    }

    long newId() {
        return nextId++;
    }

    /** The longest segment that a prompt begins with. */
    Optional<Segment> longest(int[] prompt) {
        return segments.stream()
                .filter(segment -> segment.begins(prompt))
                .max(Comparator.comparingInt(segment -> segment.tokens.length));
    }

    /**
     * Whether so many more tokens find room; segments that no row uses make way for them, the longest unused first.
     *
     * @param kept a segment that must stay; null: none
     */
    boolean makeRoom(long tokens, Segment kept) {
        long used = used();
        while (used + tokens > limit) {
            Optional<Segment> unused = segments.stream()
                    .filter(segment -> segment != kept && isUnused(segment))
                    .min(Comparator.comparingLong(segment -> segment.used));
            if (unused.isEmpty()) {
                return false;
            }
            used -= unused.get().tokens.length;
            drop(unused.get());
        }
        return true;
    }

    private long used() {
        long used = 0;
        for (Segment segment : segments) {
            used += segment.tokens.length;
        }
        for (Group group : groups) {
            for (Row row : group.rows) {
                used += need(group, row);
            }
        }
        return used;
    }

    private static int need(Group group, Row row) {
        return row.request.prompt().length - group.shared() + row.most;
    }

    private boolean isUnused(Segment segment) {
        return groups.stream().noneMatch(group -> group.segment == segment);
    }

    /** Drops segments that nobody waits for any more, though they are not computed to the end. */
    void dropUnfinished() {
        for (Segment segment : List.copyOf(segments)) {
            if (!segment.ready() && isUnused(segment)) {
                drop(segment);
            }
        }
    }

    private void drop(Segment segment) {
        segments.remove(segment);
        decoder.dropSegment(segment.id);
        if (segment.ready()) {
            decoder.dropLogits(segment.id);
        }
    }

    Segment addSegment(int[] prompt, int length) {
        Segment segment = new Segment(newId(), prompt, length);
        decoder.addSegment(segment.id, length);
        segments.add(segment);
        return segment;
    }

    /** Puts a row into the group of a segment, or into one without; the row waits there for its prompt to be computed. */
    void join(Row row, Segment segment) {
        int size = sizeClass(row);
        Group group = groups.stream()
                .filter(other -> other.segment == segment && (segment != null || sizeClass(other.rows.get(0)) == size))
                .findFirst()
                .orElseGet(() -> {
                    Group fresh = new Group(newId(), segment);
                    groups.add(fresh);
                    return fresh;
                });
        if (segment != null) {
            segment.used = ++clock;
        }
        row.group = group;
        group.rows.add(row);
        if (group.rows.size() > group.roomRows) {
            group.roomRows = group.rows.size();
            group.roomTokens = 0; // made below
        }
    }

    private static int sizeClass(Row row) {
        int need = Math.max(LEAST_SIZE, row.request.prompt().length + row.most);
        return Integer.highestOneBit(need - 1);
    }

    /** Makes sure that the rows of a group have room for their prompts, and those that take steps for one token more. */
    void grow(Group group) {
        int needed = 0;
        int most = 0;
        for (int i = 0; i < group.rows.size(); i++) {
            Row row = group.rows.get(i);
            int prompt = row.request.prompt().length - group.shared();
            needed = Math.max(needed, i < group.active ? row.own() + 1 : prompt + 1);
            most = Math.max(most, need(group, row));
        }
        if (needed > group.roomTokens) {
            // By half each time, so that copying stays a small part of the work.
            group.roomTokens = Math.min(most, Math.max(needed + 32, needed * 3 / 2));
            decoder.resizeGroup(group.id, group.roomRows, group.roomTokens);
            group.allocated = true;
        }
    }

    /** Takes a row out; its place goes to another one. */
    void leave(Row row) {
        Group group = row.group;
        int place = group.rows.indexOf(row);
        if (place < group.active) {
            group.active--;
            move(group, group.active, place);
            place = group.active;
        }
        int last = group.rows.size() - 1;
        move(group, last, place);
        group.rows.remove(last);
        if (group.rows.isEmpty()) {
            groups.remove(group);
            if (group.allocated) {
                decoder.dropGroup(group.id);
            }
        } else if (group.rows.size() * 2 <= group.roomRows && group.roomTokens > 0) {
            group.roomRows = group.rows.size();
            decoder.resizeGroup(group.id, group.roomRows, group.roomTokens);
        }
    }

    private void move(Group group, int source, int target) {
        if (source == target) {
            return;
        }
        Row row = group.rows.get(source);
        if (row.own() > 0) {
            decoder.moveRow(group.id, source, target, row.own());
        }
        group.rows.set(target, row);
    }

    /** Forgets everything, after a failure. */
    void clear() {
        decoder.reset();
        segments.clear();
        groups.clear();
    }
}
