/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.Event.Arrival;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Opening;
import dev.kritik.stream.core.GroupState.Roll;

/** Tells members that belong into a group from repetitions, contradictions and latecomers, and deals with those. */
final class Doorkeeper {

    private final GroupId id;
    private final Draft draft;

    Doorkeeper(Turn turn) {
        this.id = turn.id();
        this.draft = turn.draft();
    }

    /** Whether a usable member is new and agrees with the first one. If not, it has been dealt with. */
    boolean admits(Opening opening, Terms settled, Roll roll, Event.RolloutArrived rollout) {
        return sizeFits(opening, rollout.arrival())
                && messagesFit(settled, rollout.terms())
                && isNew(roll, rollout.arrival(), null);
    }

    /** Whether a member that can't be used is new and agrees with the first one. If not, it has been dealt with. */
    boolean admits(Opening opening, Roll roll, Event.MemberRejected rejected) {
        return sizeFits(opening, rejected.arrival()) && isNew(roll, rejected.arrival(), rejected.reason());
    }

    /** Whether a member is new to a closed group. If not, it has been counted. */
    boolean isNew(Closed closed, Arrival arrival) {
        if (closed.known().contains(arrival.index())) {
            draft.count(Counted.ROLLOUT_DUPLICATE);
            return false;
        }
        return true;
    }

    /** Puts aside a member for which the group no longer waits. */
    void turnAway(Arrival arrival) {
        draft.count(Counted.ROLLOUT_LATE);
        draft.discard(
                "LATE",
                "member " + arrival.index() + " of group " + id
                        + " arrived after the group had stopped waiting for members");
    }

    private boolean sizeFits(Opening opening, Arrival arrival) {
        if (opening.size() == arrival.groupSize()) {
            return true;
        }
        draft.discard(
                "GROUP_SIZE_CONTRADICTS",
                "group_size is " + arrival.groupSize() + ", the first member of group " + id + " said " + opening.size()
                        + "; the first stands");
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
}
