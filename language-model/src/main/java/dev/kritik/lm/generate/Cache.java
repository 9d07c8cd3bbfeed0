/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.kritik.lm.torch.Decoder;

/**
 * The decoder's memory for texts: which segments and groups there are, and how much they may take. Everything is counted in
 * tokens, and rows as they could come to need them, so that a text that was begun can always be finished.
 */
final class Cache {

    private static final int LEAST_SIZE = 256;
    /** Segments that no row uses any more may take this part of the room: another try at a prompt may come. */
    private static final int IDLE_PART = 8;

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

    /** Whether there is room for a row, the begin of its prompt in a new segment. */
    boolean makeRoomWithSegment(Row row) {
        return makeRoom((long) row.request.prompt().length + row.most, null);
    }

    /** Whether there is room for one more row behind a segment; null: none. */
    boolean makeRoom(Row row, Segment segment) {
        Optional<Group> group = groupFor(row, segment);
        int need = need(row, segment);
        if (group.isEmpty()) {
            return makeRoom(need, segment);
        }
        Group there = group.get();
        long after = Math.max(there.roomRows, there.rows.size() + 1L) * Math.max(need, widest(there));
        return makeRoom(after - size(there), segment);
    }

    /** Segments that no row uses make way, the longest unused first; but for one, which is about to be used. */
    private boolean makeRoom(long tokens, Segment kept) {
        long over = used() + tokens - limit;
        long idle = segments.stream()
                .filter(segment -> segment != kept && isIdle(segment))
                .mapToLong(segment -> segment.tokens.length)
                .sum();
        if (over > idle) {
            return false;
        }
        dropIdle(over, kept);
        return true;
    }

    private void dropIdle(long tokens, Segment kept) {
        long left = tokens;
        while (left > 0) {
            Optional<Segment> oldest = segments.stream()
                    .filter(segment -> segment != kept && isIdle(segment))
                    .min(Comparator.comparingLong(segment -> segment.used));
            if (oldest.isEmpty()) {
                return;
            }
            left -= oldest.get().tokens.length;
            drop(oldest.get());
        }
    }

    /** Drops what nobody needs: segments that were not computed to the end, and the oldest of too many others. */
    void tidy() {
        long idle = 0;
        for (Segment segment : List.copyOf(segments)) {
            if (isIdle(segment)) {
                if (segment.ready()) {
                    idle += segment.tokens.length;
                } else {
                    drop(segment);
                }
            }
        }
        dropIdle(idle - limit / IDLE_PART, null);
    }

    private long used() {
        long used = 0;
        for (Segment segment : segments) {
            used += segment.tokens.length;
        }
        for (Group group : groups) {
            used += size(group);
        }
        return used;
    }

    /** What a group's block may grow to. */
    private static long size(Group group) {
        return (long) Math.max(group.roomRows, group.rows.size()) * widest(group);
    }

    private static int widest(Group group) {
        int widest = 0;
        for (Row row : group.rows) {
            widest = Math.max(widest, need(row, group.segment));
        }
        return widest;
    }

    private static int need(Row row, Segment segment) {
        return row.request.prompt().length - (segment == null ? 0 : segment.tokens.length) + row.most;
    }

    private boolean isIdle(Segment segment) {
        return groups.stream().noneMatch(group -> group.segment == segment);
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

    /** Puts a row into a group behind a segment (null: none); it waits there for its prompt to be computed. */
    void join(Row row, Segment segment) {
        Group group = groupFor(row, segment).orElseGet(() -> {
            Group fresh = new Group(newId(), segment);
            groups.add(fresh);
            return fresh;
        });
        if (segment != null) {
            segment.used = ++clock;
        }
        row.group = group;
        row.filled = group.shared();
        group.rows.add(row);
    }

    /** A block is as wide as its widest row, so only rows of about the same size share one. */
    private Optional<Group> groupFor(Row row, Segment segment) {
        int size = sizeClass(need(row, segment));
        return groups.stream()
                .filter(group -> group.segment == segment && sizeClass(need(group.rows.get(0), segment)) == size)
                .findFirst();
    }

    private static int sizeClass(int need) {
        return Integer.highestOneBit(Math.max(LEAST_SIZE, need) - 1);
    }

    /** Makes sure that the rows of a group have room for their prompts, and those that take steps for one token more. */
    void grow(Group group) {
        int needed = 0;
        for (int i = 0; i < group.rows.size(); i++) {
            Row row = group.rows.get(i);
            int prompt = row.request.prompt().length - group.shared();
            needed = Math.max(needed, i < group.active ? row.own() + 1 : prompt + 1);
        }
        boolean moreRows = group.rows.size() > group.roomRows;
        if (moreRows || needed > group.roomTokens) {
            if (moreRows) {
                group.roomRows = rowsFor(group);
            }
            if (needed > group.roomTokens) {
                // By half each time, so that copying stays a small part of the work.
                group.roomTokens = Math.min(widest(group), Math.max(needed + 32, needed * 3 / 2));
            }
            decoder.resizeGroup(group.id, group.roomRows, group.roomTokens);
            group.allocated = true;
        }
    }

    /** Some more than there are, where one after the other comes and there is room: again, to copy less. */
    private int rowsFor(Group group) {
        int rows = group.rows.size();
        int spare = group.allocated ? rows / 2 : 0;
        return used() + (long) spare * widest(group) <= limit ? rows + spare : rows;
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
        // Of those whose prompts are not computed yet, the one that has waited longest comes next.
        int next = place;
        for (int i = place + 1; i < group.rows.size(); i++) {
            if (next == place || group.rows.get(i).id < group.rows.get(next).id) {
                next = i;
            }
        }
        move(group, next, place);
        int last = group.rows.size() - 1;
        move(group, last, next);
        group.rows.remove(last);
        if (group.rows.isEmpty()) {
            groups.remove(group);
            if (group.allocated) {
                decoder.dropGroup(group.id);
            }
        } else if (group.rows.size() * 4 <= group.roomRows) {
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
        segments.clear();
        groups.clear();
        decoder.reset();
    }
}
