/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import java.util.List;
import java.util.Map;

import dev.kritik.ops.audit.invariant.Invariant;
import dev.kritik.ops.audit.invariant.Violation;

/**
 * What an audit found.
 *
 * @param violations the first of each invariant, at most {@value dev.kritik.ops.audit.invariant.Findings#KEPT}
 * @param counts how many there are of each; those without any are left out
 * @param totals what was counted on the way, by name: numbers, and maps of them
 * @param skipped what was not decided, and why
 */
public record AuditReport(
        List<Violation> violations, Map<Invariant, Long> counts, Map<String, Object> totals, List<String> skipped) {

    public AuditReport {
        violations = List.copyOf(violations);
        counts = Map.copyOf(counts);
        skipped = List.copyOf(skipped);
    }

    /** Whether everything that was decided holds. */
    public boolean clean() {
        return counts.isEmpty();
    }
}
