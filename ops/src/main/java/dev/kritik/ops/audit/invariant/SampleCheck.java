/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.audit.invariant.Seen.Asked;
import dev.kritik.ops.audit.invariant.Seen.Critic;
import dev.kritik.ops.audit.invariant.Seen.Terminal;
import dev.kritik.ops.audit.invariant.Seen.Vote;
import dev.kritik.stream.core.GroupId;

/**
 * The samples of one group: asked for, answered, counted. Of several critiques of one sample the first on the partition
 * counts, of those that no dead letter puts aside. For one use.
 */
final class SampleCheck {

    private final GroupId id;
    private final Trail trail;
    private final boolean requestsGone;
    private final Letters letters;
    private final Findings findings;
    private final Totals totals;
    private final Map<Long, Asked> asked = new HashMap<>();

    /** The first usable critique of each sample. */
    private final Map<Long, Critic> first = new HashMap<>();

    private final List<Critic> further = new ArrayList<>();

    /** @param requestsGone whether retention has taken requests of the group */
    SampleCheck(GroupId id, Trail trail, boolean requestsGone, Letters letters, Findings findings, Totals totals) {
        this.id = id;
        this.trail = trail;
        this.requestsGone = requestsGone;
        this.letters = letters;
        this.findings = findings;
        this.totals = totals;
    }

    private void wrong(Invariant invariant, String what, Place where) {
        findings.add(invariant, id, what, where);
    }

    private static String name(int panel, int sample) {
        return "sample " + sample + ", panel " + panel;
    }

    /** @param terminal null when there is none */
    void check(Terminal terminal) {
        for (Asked one : trail.asked) {
            Asked before = asked.putIfAbsent(one.id(), one);
            if (before != null) {
                wrong(
                        Invariant.I7,
                        name(one.panel(), one.sample()) + " is asked for twice, also at " + before.place(),
                        one.place());
            }
        }
        Map<Long, Vote> votes = new HashMap<>();
        if (terminal != null) {
            terminal.votes().forEach(vote -> votes.put(vote.id(), vote));
        }
        critiques(votes);
        if (terminal == null) {
            return;
        }
        if (terminal.votesLeftOut()) {
            left(terminal);
            return;
        }
        votes(terminal, votes);
        uncounted(terminal, votes);
        further.forEach(this::repeated);
    }

    private void critiques(Map<Long, Vote> votes) {
        List<Critic> inOrder = trail.critiques.stream()
                .sorted(Comparator.comparingLong(Critic::offset).thenComparingInt(Critic::partition))
                .toList();
        for (Critic critique : inOrder) {
            boolean aside = letters.of(critique.place(), Fingerprint.NONE) != null;
            Asked request = asked.get(critique.id());
            if (request == null) {
                // That a vote was not asked for is said of the vote.
                if (!requestsGone && !votes.containsKey(critique.id())) {
                    wrong(
                            Invariant.I3,
                            "a critique of " + name(critique.panel(), critique.sample()) + ", which nobody asked for",
                            critique.place());
                    unused(critique);
                    continue;
                }
            } else if (!aside) {
                asAsked(critique, request);
            }
            if (aside) {
                unused(critique);
            } else if (first.putIfAbsent(critique.id(), critique) != null) {
                further.add(critique);
            }
        }
    }

    private void unused(Critic critique) {
        totals.unused++;
        totals.wastedMs += critique.judgeMs();
    }

    private void repeated(Critic critique) {
        totals.repeated++;
        totals.wastedMs += critique.judgeMs();
    }

    private void asAsked(Critic critique, Asked request) {
        if (critique.shown() != request.shown()) {
            wrong(Invariant.I5, "the responses were shown in another order than asked for", critique.place());
        } else if (critique.misplaced()) {
            wrong(Invariant.I5, "scores stand at other responses than the judge's text gives them", critique.place());
        }
        if (critique.responses() != 0 && critique.responses() != request.responses()) {
            wrong(Invariant.I5, "scores are for other responses than the panel holds", critique.place());
        }
    }

    /** Each vote against its request and its critique. */
    private void votes(Terminal terminal, Map<Long, Vote> votes) {
        long prompt = 0;
        long completion = 0;
        boolean backed = true;
        for (Vote vote : votes.values()) {
            String name = name(vote.panel(), vote.sample());
            if (!requestsGone && !asked.containsKey(vote.id())) {
                wrong(Invariant.I7, name + " has a vote, and nobody asked for it", terminal.place());
            }
            if (!vote.answered()) {
                continue;
            }
            Critic critique = first.get(vote.id());
            if (critique == null) {
                backed = false;
                wrong(Invariant.I5, "the vote of " + name + " has no critique", terminal.place());
            } else {
                totals.counted++;
                prompt += critique.promptTokens();
                completion += critique.completionTokens();
                if (critique.vote() != vote.hash()) {
                    wrong(
                            Invariant.I5,
                            "the vote of " + name + " is not the critique " + critique.place(),
                            terminal.place());
                }
            }
        }
        if (backed && (prompt != terminal.promptTokens() || completion != terminal.completionTokens())) {
            wrong(
                    Invariant.I5,
                    "the record has " + terminal.promptTokens() + " and " + terminal.completionTokens()
                            + " tokens, its critiques " + prompt + " and " + completion,
                    terminal.place());
        }
        for (Asked request : asked.values()) {
            if (!votes.containsKey(request.id())) {
                wrong(
                        Invariant.I7,
                        name(request.panel(), request.sample()) + " was asked for, and the record does not know it",
                        request.place());
            }
        }
    }

    /** What came before another critique that was counted came in time. */
    private void uncounted(Terminal terminal, Map<Long, Vote> votes) {
        long last = first.values().stream()
                .filter(critique -> isCounted(votes, critique))
                .mapToLong(Critic::offset)
                .max()
                .orElse(-1);
        for (Critic critique : first.values()) {
            if (isCounted(votes, critique)) {
                continue;
            }
            totals.late++;
            totals.wastedMs += critique.judgeMs();
            if (critique.offset() < last) {
                wrong(
                        Invariant.I7,
                        "the critique of " + name(critique.panel(), critique.sample())
                                + " was not counted, though later ones were; the record is " + terminal.place(),
                        critique.place());
            }
        }
    }

    private static boolean isCounted(Map<Long, Vote> votes, Critic critique) {
        Vote vote = votes.get(critique.id());
        return vote != null && vote.answered();
    }

    /** A record that was too large for its votes. */
    private void left(Terminal terminal) {
        totals.counted += first.size();
        further.forEach(this::repeated);
        if (!requestsGone && terminal.requested() != asked.size()) {
            wrong(
                    Invariant.I7,
                    "samples_requested is " + terminal.requested() + "; requests ask for " + asked.size(),
                    terminal.place());
        }
    }
}
