/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Violations: all are counted, the first of each invariant are kept. For one thread. */
public final class Findings {

    /** Violations of one invariant that are kept. */
    public static final int KEPT = 20;

    private final Map<Invariant, Long> counts = new EnumMap<>(Invariant.class);
    private final List<Violation> kept = new ArrayList<>();

    /** Adds one. */
    public void add(Violation violation) {
        if (counts.merge(violation.invariant(), 1L, Long::sum) <= KEPT) {
            kept.add(violation);
        }
    }

    /** Adds one about a record, or with null about something that is not there. */
    public void add(Invariant invariant, Object group, String what, Place where) {
        add(new Violation(
                invariant, group == null ? null : group.toString(), what, where == null ? null : where.toString()));
    }

    /** How many there are of each invariant; those without any are left out. */
    public Map<Invariant, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** The first {@value #KEPT} of each invariant, as they were found. */
    public List<Violation> violations() {
        return List.copyOf(kept);
    }
}
