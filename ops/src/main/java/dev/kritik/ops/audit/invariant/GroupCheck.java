/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.kritik.ops.audit.invariant.Seen.Asked;
import dev.kritik.ops.audit.invariant.Seen.Member;
import dev.kritik.ops.audit.invariant.Seen.Rewarded;
import dev.kritik.ops.audit.invariant.Seen.Sent;
import dev.kritik.ops.audit.invariant.Seen.Terminal;
import dev.kritik.stream.core.GroupId;

/** One group attempt, from what was sent to its terminal record. For one use. */
final class GroupCheck {

    /** Whether raw bytes of the ledger account for a record. */
    interface Raws {
        boolean account(Place place, long hash);
    }

    private final GroupId id;
    private final Trail trail;
    private final Terms terms;
    private final Observation seen;
    private final Letters letters;
    private final Findings findings;
    private final Totals totals;
    private final Raws raws;

    /** In the order in which they were read. */
    private final List<Member> rollouts;

    /** Whether everything that was acknowledged stands there. */
    private boolean whole = true;

    GroupCheck(
            GroupId id,
            Trail trail,
            Terms terms,
            Observation seen,
            Letters letters,
            Findings findings,
            Totals totals,
            Raws raws) {
        this.id = id;
        this.trail = trail;
        this.terms = terms;
        this.seen = seen;
        this.letters = letters;
        this.findings = findings;
        this.totals = totals;
        this.raws = raws;
        this.rollouts = trail.rollouts.stream()
                .sorted(Comparator.comparingLong(Member::offset).thenComparingInt(Member::partition))
                .toList();
    }

    void all() {
        if (isBegunBefore()) {
            totals.begunBefore++;
            trail.rollouts.forEach(rollout -> letters.of(rollout.place(), rollout.hash()));
            trail.critiques.forEach(critique -> letters.of(critique.place(), Fingerprint.NONE));
            return;
        }
        ledger();
        if (rollouts.isEmpty()) {
            if (whole) {
                orphans();
            }
            return;
        }
        totals.groups++;
        RollCall call = new RollCall(id, rollouts, letters, findings, totals);
        membership(call);
        Terminal terminal = terminal(call);
        if (terminal != null) {
            terminal.faults().forEach(fault -> wrong(fault.invariant(), fault.what(), terminal.place()));
            call.answers(terminal, whole);
            ties(call, terminal);
            new DeadlineCheck(id, terms, findings).check(terminal, call);
        }
        samples(terminal);
    }

    private void wrong(Invariant invariant, String what, Place where) {
        findings.add(invariant, id, what, where);
    }

    /** Whether the group is older than what was read. */
    private boolean isBegunBefore() {
        if (terms.fromMs() == Long.MIN_VALUE) {
            return false;
        }
        return trail.sent.stream().anyMatch(sent -> sent.sentMs() < terms.fromMs())
                || rollouts.stream().anyMatch(rollout -> rollout.timeMs() < terms.fromMs())
                || trail.terminals.stream().anyMatch(terminal -> terminal.openedMs() < terms.fromMs())
                || (rollouts.isEmpty() && trail.terminals.isEmpty() && trail.sent.isEmpty());
    }

    /** What stands on the topic against what was sent: each sending stands for one record at most. */
    private void ledger() {
        Map<Place, Member> there = new HashMap<>();
        rollouts.forEach(rollout -> there.put(rollout.place(), rollout));
        List<Sent> unplaced = new ArrayList<>();
        for (Sent sent : trail.sent) {
            if (sent.state() != Send.State.ACKNOWLEDGED) {
                unplaced.add(sent);
                continue;
            }
            Place place = sent.place();
            Member found = there.get(place);
            if (found != null && found.index() == sent.index() && found.hash() == sent.hash()) {
                there.remove(place);
            } else if (found != null) {
                there.remove(place);
                wrong(Invariant.I3, "member " + found.index() + " is not what the ledger sent there", place);
            } else if (seen.isRead(place)) {
                whole = false;
                wrong(Invariant.I1, "member " + sent.index() + " was acknowledged, and does not stand there", place);
            } else {
                whole = false;
                totals.goneByRetention++;
            }
        }
        if (!terms.ledger() || terms.otherJobs().contains(id.job())) {
            return;
        }
        for (Member rollout : there.values()) {
            boolean sent = unplaced.removeIf(new OneOf(rollout));
            if (!sent && !raws.account(rollout.place(), rollout.hash())) {
                wrong(Invariant.I3, "member " + rollout.index() + " is not in the ledger", rollout.place());
            }
        }
    }

    /** The first sending of this very record, once. */
    private static final class OneOf implements Predicate<Sent> {
        private final Member rollout;
        private boolean taken;

        OneOf(Member rollout) {
            this.rollout = rollout;
        }

        @Override
        public boolean test(Sent sent) {
            boolean now = !taken && sent.index() == rollout.index() && sent.hash() == rollout.hash();
            taken |= now;
            return now;
        }
    }

    /** Nothing of the group stands on rollouts. */
    private void orphans() {
        trail.asked.stream()
                .map(Asked::place)
                .distinct()
                .forEach(place -> wrong(Invariant.I3, "a request for a group of which there is no rollout", place));
        trail.critiques.forEach(critique -> {
            letters.of(critique.place(), Fingerprint.NONE);
            wrong(Invariant.I3, "a critique of a group of which there is no rollout", critique.place());
        });
        trail.terminals.forEach(terminal ->
                wrong(Invariant.I3, "a terminal record of a group of which there is no rollout", terminal.place()));
    }

    /** One partition number, and the texts that judges are shown are those of the members. */
    private void membership(RollCall call) {
        int partition = rollouts.getFirst().partition();
        rollouts.stream()
                .filter(rollout -> rollout.partition() != partition)
                .findFirst()
                .ifPresent(other -> wrong(
                        Invariant.I6,
                        "rollouts of the group stand on partition " + partition + ", too",
                        other.place()));
        trail.asked.stream()
                .filter(asked -> asked.towards() != partition)
                .findFirst()
                .ifPresent(asked -> wrong(
                        Invariant.I6,
                        "the request sends critiques to partition " + asked.towards() + ", rollouts stand on "
                                + partition,
                        asked.place()));
        trail.critiques.stream()
                .filter(critique -> critique.partition() != partition || !critique.keyed())
                .findFirst()
                .ifPresent(critique -> wrong(
                        Invariant.I6,
                        critique.keyed()
                                ? "rollouts of the group stand on partition " + partition
                                : "the key is not that of the group",
                        critique.place()));
        if (trail.isContradicted()) {
            wrong(
                    Invariant.I6,
                    "requests show different responses as member " + trail.contradicted(),
                    trail.asked.getFirst().place());
        }
        for (int index = 0; index < trail.shown().length; index++) {
            Member taken = call.taken(index);
            if (trail.shown()[index] == 0) {
                continue;
            }
            Place place = trail.asked.isEmpty() ? null : trail.asked.getFirst().place();
            if (taken != null && taken.isReadable() && taken.response() != trail.shown()[index]) {
                wrong(Invariant.I6, "a request shows another response as member " + index, place);
            } else if (taken == null && whole) {
                wrong(Invariant.I3, "a request shows member " + index + ", which was not taken in", place);
            }
        }
    }

    /** The one terminal record; null when there is none. */
    private Terminal terminal(RollCall call) {
        if (trail.terminals.isEmpty()) {
            if (call.isGroup()) {
                missing(call);
            }
            return null;
        }
        List<Terminal> all = trail.terminals.stream()
                .sorted(Comparator.comparingLong(Terminal::timeMs)
                        .thenComparingInt(Terminal::partition)
                        .thenComparingLong(Terminal::offset))
                .toList();
        for (Terminal further : all.subList(1, all.size())) {
            wrong(
                    Invariant.I2,
                    "a further terminal record; the first is " + all.getFirst().place(),
                    further.place());
        }
        Terminal first = all.getFirst();
        totals.statuses.merge(first.status(), 1L, Long::sum);
        totals.stops.merge(first.stop(), 1L, Long::sum);
        totals.withoutVotes += first.votesLeftOut() ? 1 : 0;
        if (first.size() != call.size()) {
            wrong(
                    Invariant.I6,
                    "the record is of a group of " + first.size() + ", the first rollout of one of " + call.size(),
                    first.place());
        }
        return first;
    }

    private void missing(RollCall call) {
        long last = rollouts.stream().mapToLong(Member::timeMs).max().orElse(0);
        long due = Math.min(last + terms.collectMs() + terms.evaluateMs(), Math.max(call.capMs(), last));
        if (terms.healedMs() != null) {
            due = Math.max(due, terms.healedMs() + terms.recoverWithinMs() - terms.slackMs());
        }
        if (due + terms.slackMs() < terms.nowMs()) {
            wrong(
                    Invariant.I1,
                    "no terminal record, " + (terms.nowMs() - due) + " ms after its time",
                    rollouts.getFirst().place());
            return;
        }
        totals.open++;
        if (!terms.live()) {
            wrong(
                    Invariant.LIVENESS,
                    "still open; its time is over in " + (due - terms.nowMs()) + " ms",
                    rollouts.getFirst().place());
        }
    }

    /** Different responses with the highest reward are a tie; members judged as one have one response. */
    private void ties(RollCall call, Terminal terminal) {
        double top = terminal.members().stream()
                .mapToDouble(Rewarded::reward)
                .filter(reward -> !Double.isNaN(reward))
                .max()
                .orElse(Double.NaN);
        Set<Long> responses = new HashSet<>();
        boolean known = true;
        for (Rewarded member : terminal.members()) {
            Member taken = call.taken(member.index());
            Member name = call.taken(member.judgedAs());
            boolean comparable = taken != null && name != null && taken.isReadable() && name.isReadable();
            if (comparable && taken.response() != name.response()) {
                wrong(
                        Invariant.I5,
                        "member " + member.index() + " is judged as member " + member.judgedAs()
                                + ", whose response is another",
                        terminal.place());
            }
            if (member.reward() == top) {
                known &= taken != null && taken.isReadable();
                responses.add(taken == null ? Fingerprint.NONE : taken.response());
            }
        }
        if (known && terminal.tied() != responses.size() > 1) {
            wrong(
                    Invariant.I5,
                    "tied_top is " + terminal.tied() + ", but " + responses.size()
                            + " different responses have the highest reward",
                    terminal.place());
        }
    }

    /** Requests, critiques and votes. */
    private void samples(Terminal terminal) {
        boolean gone = terminal != null
                && terminal.judgingMs() >= 0
                && terminal.judgingMs() < terms.requestsFromMs() + terms.slackMs();
        totals.missingRequests += gone ? 1 : 0;
        new SampleCheck(id, trail, gone, letters, findings, totals).check(terminal);
    }
}
