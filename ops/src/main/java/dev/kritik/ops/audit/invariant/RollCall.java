/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.ops.audit.invariant.Seen.Letter;
import dev.kritik.ops.audit.invariant.Seen.Member;
import dev.kritik.ops.audit.invariant.Seen.Rewarded;
import dev.kritik.ops.audit.invariant.Seen.Terminal;
import dev.kritik.stream.core.GroupId;

/**
 * Which rollout stands for each member of a group: the first that no dead letter puts aside as late or as contradicting.
 * For one use.
 */
final class RollCall {

    /** The record changed nothing; another one may still stand for the member. */
    private static final Set<String> ASIDE =
            Set.of("GROUP_SIZE_CONTRADICTS", "MESSAGES_CONTRADICT", "CONFLICTING_DUPLICATE", "LATE", "INTERNAL_ERROR");

    private final GroupId id;
    private final List<Member> rollouts;
    private final Findings findings;
    private final Totals totals;
    private final Map<Integer, Taken> takenByIndex = new HashMap<>();
    private final Map<Member, Letter> letterOf = new HashMap<>();
    private final List<Member> contradicting = new ArrayList<>();
    private Member opening;
    private Member firstUsable;

    /** @param letter null when the member was to be judged */
    private record Taken(Member rollout, Letter letter) {}

    /** @param rollouts in the order in which they were read, at least one */
    RollCall(GroupId id, List<Member> rollouts, Letters letters, Findings findings, Totals totals) {
        this.id = id;
        this.rollouts = rollouts;
        this.findings = findings;
        this.totals = totals;
        for (Member rollout : rollouts) {
            Letter letter = letters.of(rollout.place(), rollout.hash());
            if (letter != null) {
                letterOf.put(rollout, letter);
            }
            take(rollout, letter);
        }
    }

    private void take(Member rollout, Letter letter) {
        if (letter != null && (letter.reason().equals("INTERNAL_ERROR") || !rollout.isReadable())) {
            return; // no group heard of it
        }
        opening = opening == null ? rollout : opening;
        if (letter == null && rollout.size() != opening.size()) {
            contradicting.add(rollout);
            return;
        }
        firstUsable = firstUsable == null && letter == null ? rollout : firstUsable;
        Taken before = takenByIndex.get(rollout.index());
        if (letter != null && ASIDE.contains(letter.reason())) {
            if (letter.reason().equals("CONFLICTING_DUPLICATE") && before == null) {
                findings.add(
                        Invariant.I1,
                        id,
                        "member " + rollout.index() + " was put aside as a repetition, but none came before",
                        rollout.place());
            }
            return;
        }
        if (before == null) {
            takenByIndex.put(rollout.index(), new Taken(rollout, letter));
        } else if (letter == null) {
            totals.duplicateRollouts++;
        }
    }

    /** Whether the group was opened at all. */
    boolean isGroup() {
        return opening != null;
    }

    /** Members that the group is to have. */
    int size() {
        return opening == null ? rollouts.getFirst().size() : opening.size();
    }

    /** The rollout that stands for a member that was to be judged; null when there is none. */
    Member taken(int index) {
        Taken taken = takenByIndex.get(index);
        return taken == null || taken.letter() != null ? null : taken.rollout();
    }

    /** When everything ends, as the members wish it, in epoch milliseconds; {@link Long#MAX_VALUE} when they don't say. */
    long capMs() {
        return firstUsable != null && firstUsable.deadlineMs() != Long.MAX_VALUE
                ? firstUsable.deadlineMs()
                : opening == null ? Long.MAX_VALUE : opening.deadlineMs();
    }

    /** The earliest such wish that can have counted at any time. */
    long firstCapMs() {
        return opening == null ? capMs() : Math.min(opening.deadlineMs(), capMs());
    }

    /** Holds the members of the terminal record against the rollouts. */
    void answers(Terminal terminal, boolean whole) {
        Map<Integer, Rewarded> members = new HashMap<>();
        terminal.members().forEach(member -> members.putIfAbsent(member.index(), member));
        for (Rewarded member : members.values()) {
            Taken taken = takenByIndex.get(member.index());
            if (taken == null) {
                if (whole && !member.status().equals("MISSING")) {
                    findings.add(
                            Invariant.I3,
                            id,
                            "member " + member.index() + " is " + member.status()
                                    + ", and no rollout of it was taken in",
                            terminal.place());
                }
            } else if (taken.letter() == null) {
                judged(member, taken.rollout(), terminal);
            } else {
                rejected(member, taken, terminal);
            }
        }
        conflicts(members);
    }

    private void judged(Rewarded member, Member rollout, Terminal terminal) {
        boolean ruled = member.status().equals("REJECTED") && "RULE".equals(member.reason());
        if (!ruled && !member.status().equals("SCORED") && !member.status().equals("UNSCORED")) {
            findings.add(
                    Invariant.I1,
                    id,
                    "member " + member.index() + " stands at " + rollout.place() + ", no dead letter names it, and "
                            + terminal.place() + " says " + member.status(),
                    rollout.place());
        }
    }

    /** In time it is REJECTED, for the reason of the dead letter; else MISSING. */
    private void rejected(Rewarded member, Taken taken, Terminal terminal) {
        boolean said = member.status().equals("MISSING")
                || (member.status().equals("REJECTED")
                        && taken.letter().reason().equals(member.reason()));
        if (!said) {
            findings.add(
                    Invariant.I1,
                    id,
                    "member " + member.index() + " is a dead letter ("
                            + taken.letter().reason() + "), and "
                            + terminal.place() + " says " + member.status()
                            + (member.reason() == null ? "" : " " + member.reason()),
                    taken.letter().place());
        }
    }

    /** A repetition with another response is a dead letter, at least while others were still taken in. */
    private void conflicts(Map<Integer, Rewarded> members) {
        long lastTaken = takenByIndex.values().stream()
                .filter(taken -> {
                    Rewarded member = members.get(taken.rollout().index());
                    return member != null && !member.status().equals("MISSING");
                })
                .mapToLong(taken -> taken.rollout().offset())
                .max()
                .orElse(-1);
        for (Member rollout : contradicting) {
            // Once the group is closed, nobody looks at sizes any more.
            if (rollout.offset() < lastTaken) {
                findings.add(
                        Invariant.I1,
                        id,
                        "member " + rollout.index() + " says a group of " + rollout.size() + ", not " + size()
                                + ", and no dead letter names it",
                        rollout.place());
            }
        }
        for (Member rollout : rollouts) {
            Taken taken = takenByIndex.get(rollout.index());
            if (taken == null
                    || taken.rollout().equals(rollout)
                    || letterOf.containsKey(rollout)
                    || rollout.size() != size()
                    || !taken.rollout().isReadable()
                    || !rollout.isReadable()
                    || taken.rollout().response() == rollout.response()) {
                continue;
            }
            totals.conflictingRollouts++;
            if (rollout.offset() < lastTaken) {
                findings.add(
                        Invariant.I1,
                        id,
                        "another response came as member " + rollout.index()
                                + " while the group waited, and no dead letter names it",
                        rollout.place());
            }
        }
    }
}
