/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.ArrayList;
import java.util.List;

/** Rows that begin with the same segment, or with none. A row's index is its place in the group's block of memory. */
final class Group {

    final long id;
    /** Null: none. */
    final Segment segment;

    final List<Row> rows = new ArrayList<>();
    /** The first so many rows have their prompts computed and take steps; the others wait for it. */
    int active;
    /** Whether the decoder has a block for it. */
    boolean allocated;
    /** Rows and tokens that its block has room for. */
    int roomRows;

    int roomTokens;

    Group(long id, Segment segment) {
        this.id = id;
        this.segment = segment;
    }

    int shared() {
        return segment == null ? 0 : segment.tokens.length;
    }

    /** The row whose prompt is computed next; null: none. */
    Row filling() {
        if (segment != null && !segment.ready()) {
            return null;
        }
        for (int i = active; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (row.filled < row.request.prompt().length) {
                return row;
            }
        }
        return null;
    }

    /** Rows whose prompts are computed, but that have no token yet. */
    List<Row> filled() {
        List<Row> filled = new ArrayList<>();
        if (segment == null || segment.ready()) {
            for (int i = active; i < rows.size(); i++) {
                Row row = rows.get(i);
                if (row.filled < row.request.prompt().length) {
                    break;
                }
                filled.add(row);
            }
        }
        return filled;
    }
}
