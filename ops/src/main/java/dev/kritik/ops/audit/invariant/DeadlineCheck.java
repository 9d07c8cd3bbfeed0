/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import dev.kritik.ops.audit.invariant.Seen.Terminal;
import dev.kritik.stream.core.GroupId;

/** Whether a group ended in time, or its record says why not. */
final class DeadlineCheck {

    private final GroupId id;
    private final Terms terms;
    private final Findings findings;

    DeadlineCheck(GroupId id, Terms terms, Findings findings) {
        this.id = id;
        this.terms = terms;
        this.findings = findings;
    }

    void check(Terminal terminal, RollCall call) {
        long due = due(terminal, call);
        long late = terminal.atMs() - due;
        boolean deadline = terminal.stop().endsWith("_DEADLINE");
        boolean said = deadline || (!terminal.status().equals("OK") && terminal.reasoned());
        if (late > terms.slackMs() && !said) {
            findings.add(
                    Invariant.I4,
                    id,
                    "closed " + late + " ms after its deadline as " + terminal.status() + " by " + terminal.stop()
                            + ", without a word of it",
                    terminal.place());
        }
        if (deadline && terminal.closedMs() < earliest(terminal, call)) {
            findings.add(
                    Invariant.I4,
                    id,
                    "it stopped by " + terminal.stop() + " " + (earliest(terminal, call) - terminal.closedMs())
                            + " ms before that had come",
                    terminal.place());
        }
        if (terms.healedMs() != null
                && terminal.atMs() > Math.max(due + terms.slackMs(), terms.healedMs() + terms.recoverWithinMs())) {
            findings.add(
                    Invariant.LIVENESS,
                    id,
                    "closed " + late + " ms after its deadline, and " + (terminal.atMs() - terms.healedMs())
                            + " ms after the last fault",
                    terminal.place());
        }
    }

    /** When it was to be closed at the latest. */
    private long due(Terminal terminal, RollCall call) {
        long limit = terminal.judgingMs() >= 0
                ? terminal.judgingMs() + terms.evaluateMs()
                : terminal.openedMs() + terms.collectMs();
        return Math.max(terminal.openedMs(), Math.min(limit, call.capMs()));
    }

    /** Before this no deadline can have closed it. */
    private long earliest(Terminal terminal, RollCall call) {
        long opened = terminal.openedMs();
        long cap = call.firstCapMs();
        if (terminal.judgingMs() >= 0) {
            return Math.min(terminal.judgingMs() + terms.evaluateMs(), cap);
        }
        if (terminal.stop().equals("EVALUATION_DEADLINE")) {
            return cap;
        }
        // Half of the time until the wished deadline is for members at most.
        long half = cap <= opened ? cap : opened + (cap - opened) / 2;
        return Math.min(opened + terms.collectMs(), half);
    }
}
