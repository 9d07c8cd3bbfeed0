/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.ops.audit.Audit;
import dev.kritik.ops.audit.AuditOptions;
import dev.kritik.ops.audit.AuditReport;

/**
 * What the audit found.
 *
 * @param violations how many
 * @param lines the first of them, and what was not decided, for people
 * @param totals what was counted on the way
 */
record Verdict(long violations, List<String> lines, Map<String, Object> totals) {

    Verdict {
        lines = List.copyOf(lines);
    }

    /**
     * Audits an installation that is at rest.
     *
     * @param healedMs when the last fault had ended, in epoch milliseconds
     * @param recoverWithinMs how long after that groups may still end late, if they say so
     * @param otherJobs jobs of which the ledger knows nothing
     */
    static Verdict of(
            Map<String, String> config, Path ledger, long healedMs, long recoverWithinMs, Set<String> otherJobs)
            throws IOException {
        AuditReport report = Audit.run(
                config,
                ledger,
                AuditOptions.standard().healedAt(healedMs, recoverWithinMs).others(otherJobs));
        List<String> lines = new ArrayList<>();
        report.violations().forEach(violation -> lines.add("  " + violation));
        report.skipped().forEach(what -> lines.add("not decided: " + what));
        long count =
                report.counts().values().stream().mapToLong(Long::longValue).sum();
        return new Verdict(count, lines, report.totals());
    }
}
