/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.HashSet;
import java.util.List;

import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Roll;
import dev.kritik.stream.core.adaptive.Goal;
import dev.kritik.stream.core.jury.Experience;

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
        List<Member> members = EqualResponses.named(roll.arrived(), draft);
        Indices judged = Indices.of(members.stream()
                .filter(member -> !member.ruling().binds())
                .map(Member::judgedAs)
                .toList());
        if (judged.size() == 0) {
            draft.add(new Effect.Close(assembler.ruled(id, group, draft, now)));
            return closed(roll);
        }
        if (group.capMs() != null && group.capMs() <= now) {
            boolean complete = roll.size() == group.opening().size();
            return closeUnjudged(
                    group,
                    complete ? Ending.EVALUATION_DEADLINE : Ending.COLLECTION_DEADLINE,
                    "TOO_FEW_VOTES",
                    "the members' deadline_ms had passed before anything could be judged");
        }
        Terms terms = group.terms();
        Plan plan = new Plan(id, judged.list(), terms.panelSize(), terms.k(), rules.jury());
        String tooLarge = tooLarge(plan, terms);
        if (tooLarge != null) {
            return closeUnjudged(group, Ending.NOTHING_TO_JUDGE, "REQUEST_TOO_LARGE", tooLarge);
        }
        long deadline = Turn.capped(now + rules.evaluateMs(), group.capMs());
        var judging = new Judging(group.opening(), now, now, deadline, terms, roll, judged, 0, 0);
        int first = terms.goal() == Goal.FIXED
                ? terms.k()
                : rules.jury().first(rules.adaptive().first());
        return ask(judging, first, hint(group, members));
    }

    /** Asks for all samples that have not been asked for: there is no time for rounds. */
    Judging askForAll(Judging group) {
        return ask(group, group.terms().k(), Hint.NONE);
    }

    private Judging ask(Judging group, int samples, Hint hint) {
        int asked = Math.min(samples, group.terms().k());
        var next = new Judging(
                group.opening(),
                group.judgingMs(),
                now,
                group.deadlineMs(),
                group.terms(),
                group.roll(),
                group.judged(),
                asked,
                group.received());
        boolean last = !next.canAskMore();
        draft.add(new Effect.Ask(plan(next, asked), group.asked(), last, hint, now, group.deadlineMs()));
        if (last) {
            EqualResponses.named(group.roll().arrived(), draft)
                    .forEach(member -> draft.add(new Effect.KeepMember(member)));
        }
        return next;
    }

    /** Counts a critique. With the last one of a round it closes the group, or asks for more. */
    GroupState count(Judging group, Sample sample) {
        Plan plan = plan(group, group.asked());
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
                group.roundMs(),
                group.deadlineMs(),
                group.terms(),
                group.roll(),
                group.judged(),
                group.asked(),
                group.received() + 1);
        return next.received() == plan.critiques() ? roundOver(next) : next;
    }

    private GroupState roundOver(Judging group) {
        Tally tally = Tally.of(id, group, draft, rules);
        // After an outage critiques that came in time are read late, and counted: then the record says that it is late.
        if (group.deadlineMs() <= now) {
            return close(group, tally, Ending.EVALUATION_DEADLINE);
        }
        if (!group.canAskMore()) {
            return close(group, tally, Ending.ALL_SAMPLES);
        }
        if (tally.decided()) {
            return close(group, tally, Ending.DECIDED);
        }
        int step = rules.adaptive().step();
        long rounds = Math.ceilDiv(group.terms().k() - group.asked(), step);
        long each = Math.max(0, now - group.roundMs());
        return rounds * each > group.deadlineMs() - now
                ? askForAll(group)
                : ask(group, group.asked() + step, Hint.NONE);
    }

    /** Closes with what has been counted so far. */
    Closed close(Judging group, Ending ending) {
        return close(group, Tally.of(id, group, draft, rules), ending);
    }

    private Closed close(Judging group, Tally tally, Ending ending) {
        draft.add(new Effect.Close(assembler.judged(id, group, tally, draft, ending, now)));
        learn(group, tally);
        return closed(group.roll());
    }

    /** Who was told the answer does not show how it judges. */
    private void learn(Judging group, Tally tally) {
        if (!rules.jury().learns() || group.terms().hint() != null) {
            return;
        }
        Experience before = draft.experience();
        Experience after =
                rules.jury().learn(before, tally.scoresByJudge(rules.jury().names()));
        if (!after.equals(before)) {
            draft.add(new Effect.KeepExperience(after));
        }
    }

    /** Closes without judgement; what rules decided stands. */
    private Closed closeUnjudged(Collecting group, Ending ending, String reason, String detail) {
        draft.add(new Effect.Close(assembler.unjudged(id, group, draft, ending, reason, detail, now)));
        return closed(group.roll());
    }

    /** The responses that arrived and that no rule refused. */
    int usable(Collecting group) {
        return (int) group.roll().arrived().list().stream()
                .filter(index -> !draft.member(index).ruling().refuses())
                .count();
    }

    /** Closes a group that is too small to be used, whatever rules gave its members. */
    Closed closeTooFew(Collecting group, int usable) {
        String detail = usable + " usable responses arrived in time, at least " + rules.minResponses() + " are wanted";
        draft.add(new Effect.Close(assembler.tooFew(id, group, draft, detail, now)));
        return closed(group.roll());
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

    private Plan plan(Judging group, int samples) {
        return new Plan(id, group.judged().list(), group.terms().panelSize(), samples, rules.jury());
    }

    private Closed closed(Roll roll) {
        return new Closed(now + rules.closedMs(), roll.arrived().or(roll.rejected()));
    }
}
