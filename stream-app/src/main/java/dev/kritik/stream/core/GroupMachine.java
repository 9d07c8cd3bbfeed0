/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.Event.Arrival;
import dev.kritik.stream.core.GroupState.Absent;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Opening;
import dev.kritik.stream.core.GroupState.Roll;

/**
 * The life of a group: (state, event, now) to (state, effects). Each group that was opened is closed by exactly one
 * {@link Effect.Close}, at the latest when its deadlines have passed. Events that come twice, too late or in contradiction
 * to the first member change nothing but counters and dead letters. Stateless; safe for use by many threads.
 */
public final class GroupMachine {

    private final Rules rules;
    private final RewardAssembler assembler;

    public GroupMachine(Rules rules) {
        this.rules = rules;
        this.assembler = new RewardAssembler(rules);
    }

    /** Where the group stands after an event, and what is to be done. */
    public record Step(GroupState state, List<Effect> effects) {}

    /**
     * One event. Deadlines that have passed by {@code nowMs} fire at once, after the event: what is there counts.
     *
     * @param entries what has been kept of the group so far
     * @param nowMs time in epoch milliseconds
     */
    public Step apply(GroupId id, GroupState state, Entries entries, Event event, long nowMs) {
        var turn = new Turn(id, new Draft(entries), nowMs);
        GroupState next = switch (event) {
            case Event.RolloutArrived rollout -> turn.rollout(state, rollout);
            case Event.MemberRejected rejected -> turn.rejected(state, rejected);
            case Event.SampleArrived arrived -> turn.sample(state, arrived.sample());
            case Event.DeadlinePassed passed -> state;
        };
        while (next.wakeMs() <= nowMs) {
            next = turn.deadline(next);
        }
        return new Step(next, turn.draft.effects());
    }

    /** One call of {@link #apply}. */
    private final class Turn {

        private final GroupId id;
        private final Draft draft;
        private final long now;

        Turn(GroupId id, Draft draft, long now) {
            this.id = id;
            this.draft = draft;
            this.now = now;
        }

        GroupState rollout(GroupState state, Event.RolloutArrived rollout) {
            Arrival arrival = rollout.arrival();
            return switch (state) {
                case Absent absent -> take(open(arrival), rollout);
                case Collecting collecting -> {
                    boolean fits = sizeFits(collecting.opening(), arrival)
                            && messagesFit(collecting.terms(), rollout.terms())
                            && isNew(collecting.roll(), arrival, null);
                    yield fits ? take(collecting, rollout) : collecting;
                }
                case Judging judging -> {
                    if (sizeFits(judging.opening(), arrival)
                            && messagesFit(judging.terms(), rollout.terms())
                            && isNew(judging.roll(), arrival, null)) {
                        late(arrival);
                    }
                    yield judging;
                }
                case Closed closed -> {
                    if (!knownToClosed(closed, arrival)) {
                        late(arrival);
                    }
                    yield closed;
                }
            };
        }

        GroupState rejected(GroupState state, Event.MemberRejected rejected) {
            Arrival arrival = rejected.arrival();
            return switch (state) {
                case Absent absent -> refuse(open(arrival), rejected);
                case Collecting collecting -> {
                    boolean fits = sizeFits(collecting.opening(), arrival)
                            && isNew(collecting.roll(), arrival, rejected.reason());
                    yield fits ? refuse(collecting, rejected) : collecting;
                }
                case Judging judging -> {
                    if (isNew(judging.roll(), arrival, rejected.reason())) {
                        draft.discard(rejected.reason(), rejected.detail());
                    }
                    yield judging;
                }
                case Closed closed -> {
                    if (!knownToClosed(closed, arrival)) {
                        draft.discard(rejected.reason(), rejected.detail());
                    }
                    yield closed;
                }
            };
        }

        GroupState sample(GroupState state, Sample sample) {
            return switch (state) {
                case Absent absent -> {
                    draft.discard("UNKNOWN_GROUP", "no critique was asked for in group " + id + ", or long ago");
                    yield absent;
                }
                case Collecting collecting -> {
                    draft.discard("UNKNOWN_SAMPLE", "group " + id + " waits for members; no critique was asked for");
                    yield collecting;
                }
                case Judging judging -> count(judging, sample);
                case Closed closed -> {
                    draft.count(Counted.CRITIQUE_LATE);
                    yield closed;
                }
            };
        }

        GroupState deadline(GroupState state) {
            return switch (state) {
                case Absent absent -> absent;
                case Collecting collecting -> {
                    int arrived = collecting.roll().arrived().size();
                    if (arrived >= rules.minResponses()) {
                        yield judge(collecting);
                    }
                    yield closeUnjudged(
                            collecting,
                            Ending.COLLECTION_DEADLINE,
                            "TOO_FEW_RESPONSES",
                            arrived + " usable responses arrived in time, at least " + rules.minResponses()
                                    + " are wanted");
                }
                case Judging judging -> close(judging, Ending.EVALUATION_DEADLINE);
                case Closed closed -> new Absent();
            };
        }

        private Collecting open(Arrival first) {
            return new Collecting(
                    new Opening(first.groupSize(), now, first.policyVersion()),
                    capped(now + rules.collectMs(), first.deadlineMs()),
                    first.deadlineMs(),
                    null,
                    new Roll(Indices.none(), Indices.none()));
        }

        private GroupState take(Collecting group, Event.RolloutArrived rollout) {
            Arrival arrival = rollout.arrival();
            boolean first = group.terms() == null;
            if (first) {
                draft.add(new Effect.KeepQuery());
            }
            draft.add(
                    new Effect.KeepText(new Member(arrival.index(), arrival.response(), rollout.bytes(), null, null)));
            Long cap = first && arrival.deadlineMs() != null ? arrival.deadlineMs() : group.capMs();
            return completed(new Collecting(
                    group.opening(),
                    capped(group.deadlineMs(), cap),
                    cap,
                    first ? rollout.terms() : group.terms(),
                    new Roll(
                            group.roll().arrived().with(arrival.index()),
                            group.roll().rejected())));
        }

        private GroupState refuse(Collecting group, Event.MemberRejected rejected) {
            Arrival arrival = rejected.arrival();
            draft.discard(rejected.reason(), rejected.detail());
            draft.add(
                    new Effect.KeepMember(new Member(arrival.index(), arrival.response(), 0, rejected.reason(), null)));
            return completed(new Collecting(
                    group.opening(),
                    group.deadlineMs(),
                    group.capMs(),
                    group.terms(),
                    new Roll(group.roll().arrived(), group.roll().rejected().with(arrival.index()))));
        }

        private GroupState completed(Collecting group) {
            return group.roll().size() == group.opening().size() ? judge(group) : group;
        }

        private GroupState judge(Collecting group) {
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
            long deadline = capped(now + rules.evaluateMs(), group.capMs());
            draft.add(new Effect.Ask(plan, now, deadline));
            members.forEach(member -> draft.add(new Effect.KeepMember(member)));
            return new Judging(group.opening(), now, deadline, terms, roll, judged, 0);
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

        private GroupState count(Judging group, Sample sample) {
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
            if (sample.valid()) {
                var scored = new HashSet<>();
                sample.scores().forEach(score -> scored.add(score.index()));
                List<Integer> panel = plan.order(sample.panel(), sample.sample());
                if (scored.size() != sample.scores().size() || !scored.equals(new HashSet<>(panel))) {
                    draft.discard(
                            "SCORES_MISMATCH",
                            "scores are for the responses " + scored + ", the panel holds "
                                    + panel.stream().sorted().toList());
                    return group;
                }
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

        private Plan plan(Judging group) {
            return new Plan(
                    id,
                    group.judged().list(),
                    group.terms().panelSize(),
                    group.terms().k());
        }

        private GroupState close(Judging group, Ending ending) {
            draft.add(new Effect.Close(assembler.judged(id, group, plan(group), draft, ending, now)));
            return closed(group.roll());
        }

        private GroupState closeUnjudged(Collecting group, Ending ending, String reason, String detail) {
            draft.add(new Effect.Close(assembler.unjudged(id, group, draft, ending, reason, detail, now)));
            return closed(group.roll());
        }

        private Closed closed(Roll roll) {
            return new Closed(now + rules.closedMs(), roll.arrived().or(roll.rejected()));
        }

        private boolean sizeFits(Opening opening, Arrival arrival) {
            if (opening.size() == arrival.groupSize()) {
                return true;
            }
            draft.discard(
                    "GROUP_SIZE_CONTRADICTS",
                    "group_size is " + arrival.groupSize() + ", the first member of group " + id + " said "
                            + opening.size() + "; the first stands");
            return false;
        }

        private boolean messagesFit(Terms settled, Terms own) {
            if (settled == null || settled.messages().equals(own.messages())) {
                return true;
            }
            draft.discard(
                    "MESSAGES_CONTRADICT",
                    "the messages differ from those of the first member of group " + id + "; the first stand");
            return false;
        }

        /** Whether nothing is known of this member yet. If something is, it has been dealt with here. */
        private boolean isNew(Roll roll, Arrival arrival, String rejection) {
            if (!roll.has(arrival.index())) {
                return true;
            }
            Member known = draft.member(arrival.index());
            boolean same =
                    known.response().equals(arrival.response()) && (known.rejection() == null) == (rejection == null);
            if (same) {
                draft.count(Counted.ROLLOUT_DUPLICATE);
            } else {
                draft.discard(
                        "CONFLICTING_DUPLICATE",
                        "member " + arrival.index() + " of group " + id
                                + " has arrived before with other content; the first stands");
            }
            return false;
        }

        private boolean knownToClosed(Closed closed, Arrival arrival) {
            boolean known = closed.known().contains(arrival.index());
            if (known) {
                draft.count(Counted.ROLLOUT_DUPLICATE);
            }
            return known;
        }

        private void late(Arrival arrival) {
            draft.count(Counted.ROLLOUT_LATE);
            draft.discard(
                    "LATE",
                    "member " + arrival.index() + " of group " + id
                            + " arrived after the group had stopped waiting for members");
        }
    }

    private static long capped(long deadlineMs, Long capMs) {
        return capMs == null ? deadlineMs : Math.min(deadlineMs, capMs);
    }
}
