/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Roll;

/** From the last member to the terminal record: asks for critiques, counts them, closes. */
final class Evaluation {

    private final Rules rules;
    private final RewardAssembler assembler;
    private final GroupId id;
    private final Draft draft;
    private final long now;

    Evaluation(Rules rules, RewardAssembler assembler, Turn turn) {
        this.rules = rules;
        this.assembler = assembler;
        this.id = turn.id();
        this.draft = turn.draft();
        this.now = turn.nowMs();
    }

    /** Asks for critiques of what is there, or closes the group if there is nothing to ask. */
    GroupState begin(Collecting group) {
        Roll roll = group.roll();
        if (roll.arrived().size() == 0) {
            return closeUnjudged(
                    group, Ending.NOTHING_TO_JUDGE, "MEMBERS_REJECTED", "no member of the group can be used");
        }
        if (group.capMs() != null && group.capMs() <= now) {
            boolean complete = roll.size() == group.opening().size();
            return closeUnjudged(
                    group,
                    complete ? Ending.EVALUATION_DEADLINE : Ending.COLLECTION_DEADLINE,
                    "TOO_FEW_VOTES",
                    "the members' deadline_ms had passed before anything could be judged");
        }
        List<Member> members = representatives(roll.arrived());
        Indices judged = Indices.of(members.stream().map(Member::judgedAs).toList());
        Terms terms = group.terms();
        Plan plan = new Plan(id, judged.list(), terms.panelSize(), terms.k());
        String tooLarge = tooLarge(plan, terms);
        if (tooLarge != null) {
            return closeUnjudged(group, Ending.NOTHING_TO_JUDGE, "REQUEST_TOO_LARGE", tooLarge);
        }
        long deadline = Turn.capped(now + rules.evaluateMs(), group.capMs());
        draft.add(new Effect.Ask(plan, hint(group, members), now, deadline));
        members.forEach(member -> draft.add(new Effect.KeepMember(member)));
        return new Judging(group.opening(), now, deadline, terms, roll, judged, 0);
    }

    /** Counts a critique, and closes the group with the last one. */
    GroupState count(Judging group, Sample sample) {
        Plan plan = plan(group);
        if (!plan.asks(sample.panel(), sample.sample())) {
            draft.discard(
                    "UNKNOWN_SAMPLE",
                    "sample " + sample.sample() + " of panel " + sample.panel() + " was not asked for; there are "
                            + plan.samples() + " samples of " + plan.panels() + " panels");
            return group;
        }
        if (draft.hasSample(sample.panel(), sample.sample())) {
            draft.count(Counted.CRITIQUE_DUPLICATE);
            return group;
        }
        if (sample.valid() && !scoresFit(plan, sample)) {
            return group;
        }
        draft.add(new Effect.KeepSample(sample));
        Judging next = new Judging(
                group.opening(),
                group.judgingMs(),
                group.deadlineMs(),
                group.terms(),
                group.roll(),
                group.judged(),
                group.received() + 1);
        return next.received() == plan.critiques() ? close(next, Ending.ALL_SAMPLES) : next;
    }

    /** Closes with what has been counted so far. */
    Closed close(Judging group, Ending ending) {
        draft.add(new Effect.Close(assembler.judged(id, group, plan(group), draft, ending, now)));
        return closed(group.roll());
    }

    /** Closes without judgement. */
    Closed closeUnjudged(Collecting group, Ending ending, String reason, String detail) {
        draft.add(new Effect.Close(assembler.unjudged(id, group, draft, ending, reason, detail, now)));
        return closed(group.roll());
    }

    /** The members, each with the index of the first response that is equal to its own. */
    private List<Member> representatives(Indices arrived) {
        Map<Hash, Integer> firstByResponse = new HashMap<>();
        List<Member> members = new ArrayList<>();
        for (int index : arrived.list()) {
            Member member = draft.member(index);
            Integer first = firstByResponse.putIfAbsent(member.response(), index);
            members.add(member.judgedAs(first == null ? index : first));
        }
        return members;
    }

    /** The best response is judged in the name of the first that is equal; when it did not arrive, there is no hint. */
    private static Hint hint(Collecting group, List<Member> members) {
        Integer hint = group.terms().hint();
        if (hint == null) {
            return Hint.NONE;
        }
        if (group.opening().size() == 1) {
            return new Hint(null, hint);
        }
        return members.stream()
                .filter(member -> member.index() == hint)
                .findFirst()
                .map(member -> new Hint(member.judgedAs(), null))
                .orElse(Hint.NONE);
    }

    private String tooLarge(Plan plan, Terms terms) {
        RequestSize.Sizes sizes = RequestSize.of(
                id,
                plan,
                rules.samplesPerRequest(),
                terms.queryBytes(),
                index -> draft.member(index).bytes());
        Rules.Limits limits = rules.limits();
        if (sizes.largest() > limits.requestBytes()) {
            return "a request of " + sizes.largest() + " bytes would be needed, " + limits.requestBytes()
                    + " are allowed; a smaller panel_size makes requests smaller";
        }
        if (sizes.total() > limits.groupRequestBytes()) {
            return "requests of " + sizes.total() + " bytes together would be needed, " + limits.groupRequestBytes()
                    + " are allowed; fewer samples or a larger panel_size need less";
        }
        return null;
    }

    private boolean scoresFit(Plan plan, Sample sample) {
        var scored = new HashSet<>();
        sample.scores().forEach(score -> scored.add(score.index()));
        List<Integer> panel = plan.order(sample.panel(), sample.sample());
        if (scored.size() == sample.scores().size() && scored.equals(new HashSet<>(panel))) {
            return true;
        }
        draft.discard(
                "SCORES_MISMATCH",
                "scores are for " + sample.scores().size() + " responses, of which " + scored.size()
                        + " are different, or for others than the panel holds: "
                        + panel.stream().sorted().toList());
        return false;
    }

    private Plan plan(Judging group) {
        Terms terms = group.terms();
        return new Plan(id, group.judged().list(), terms.panelSize(), terms.k());
    }

    private Closed closed(Roll roll) {
        return new Closed(now + rules.closedMs(), roll.arrived().or(roll.rejected()));
    }
}
