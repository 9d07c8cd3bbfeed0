/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.gateway.jobs.JobId.Group;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;

/**
 * What this instance knows of jobs, from the topics that all instances read and from its own callers: which runs, with
 * which content, how it ended, who waits for it. Bounded in number and time. The topics decide: of two instances that
 * write the same id with different content at the same moment, the one whose rollouts stand first has it, and the callers
 * of the other one are told.
 *
 * <p>No Kafka, no clock, no threads; safe for use by many threads. Whoever waits is told outside of the lock.
 */
public final class Ledger {

    /** What is to be written for a submission, and what to wait for. */
    record Ticket(Waiter waiter, Entry entry, List<Integer> toWrite) {}

    /** How long after a step: as much as clocks of instances may differ, and some for the way to the topic. */
    private static final long UNSURE_MS = 2_000;

    private final Memory memory;
    private final LinkedHashMap<JobId, Entry> entries = new LinkedHashMap<>();
    private final Map<Group, Integer> latest = new HashMap<>();
    private boolean closed;
    private int waiting;

    public Ledger(Memory memory) {
        this.memory = memory;
    }

    /** Takes in what somebody wants judged; whoever is to be told something already is told. */
    Ticket submit(Submission submission, boolean untilEnded, long nowMs) {
        NavigableMap<Integer, Fingerprint> fingerprints = submission.fingerprints();
        synchronized (this) {
            JobId id = identity(submission, fingerprints, nowMs);
            Waiter waiter = new Waiter(id, fingerprints, untilEnded);
            if (closed) {
                return refused(waiter, new Outcome.Closing(id));
            }
            Entry entry = entries.get(id);
            if (entry == null) {
                long deadlineMs = nowMs + submission.timeout().toMillis();
                entry = open(id, submission.size(), false, deadlineMs, nowMs);
            }
            Optional<String> conflict = entry.conflict(submission.size(), fingerprints);
            if (conflict.isPresent()) {
                return refused(waiter, new Outcome.Conflict(id, conflict.get()));
            }
            var ticket = new Ticket(waiter, entry, entry.claim(fingerprints));
            waitIn(entry, waiter);
            forget(nowMs);
            return ticket;
        }
    }

    private static Ticket refused(Waiter waiter, Outcome why) {
        waiter.future().complete(why); // nobody else has it yet
        return new Ticket(waiter, null, List.of());
    }

    /** Waits for a job that is known; empty if it is not. */
    synchronized Optional<Waiter> watch(Group group, Integer attempt, boolean untilEnded) {
        Integer number = attempt == null ? latest.get(group) : attempt;
        Entry entry = number == null ? null : entries.get(new JobId(group.jobId(), group.groupId(), number));
        if (entry == null) {
            return Optional.empty();
        }
        Waiter waiter = new Waiter(entry.id(), new TreeMap<>(), untilEnded);
        if (closed) {
            waiter.future().complete(new Outcome.Closing(entry.id()));
        } else {
            waitIn(entry, waiter);
        }
        return Optional.of(waiter);
    }

    private void waitIn(Entry entry, Waiter waiter) {
        Optional<Outcome> now = entry.outcome(waiter);
        if (now.isPresent()) {
            waiter.future().complete(now.get());
            return;
        }
        entry.join(waiter);
        waiting++;
        waiter.beforeAnswer(() -> leave(entry, waiter));
    }

    private synchronized void leave(Entry entry, Waiter waiter) {
        waiting--;
        entry.leave(waiter);
        if (entry.empty() && entries.get(entry.id()) == entry) {
            remove(entry.id());
        }
    }

    /**
     * Whether another instance may have given this group another name a moment ago, of which we have not heard: a group
     * without an id, just after a step of the time that is part of its name.
     */
    boolean namedAnew(Submission submission, long nowMs) {
        if (submission.groupId().isPresent() || nowMs % memory.coalesceMs() >= UNSURE_MS) {
            return false;
        }
        Group group = contentGroup(submission, submission.fingerprints());
        synchronized (this) {
            return !latest.containsKey(group);
        }
    }

    private static Group contentGroup(Submission submission, NavigableMap<Integer, Fingerprint> fingerprints) {
        return new Group(submission.jobId(), Fingerprint.contentId(submission.size(), fingerprints.values()));
    }

    /** A name for what has none: the content, and the time of the first request in coarse steps. */
    private JobId identity(Submission submission, NavigableMap<Integer, Fingerprint> fingerprints, long nowMs) {
        if (submission.groupId().isPresent()) {
            return new JobId(submission.jobId(), submission.groupId().get(), submission.attempt());
        }
        Group group = contentGroup(submission, fingerprints);
        // Also found by an instance that has not heard of the first request yet, and never used before.
        int attempt = (int) (nowMs / memory.coalesceMs());
        Integer before = latest.get(group);
        if (before != null) {
            Entry entry = entries.get(new JobId(group.jobId(), group.groupId(), before));
            attempt = answersAgain(entry, nowMs) ? before : Math.max(before + 1, attempt);
        }
        return new JobId(group.jobId(), group.groupId(), attempt);
    }

    private boolean answersAgain(Entry entry, long nowMs) {
        GroupReward reward = entry.reward();
        if (reward == null) {
            return !entry.overdue(nowMs);
        }
        boolean good = reward.getStatus() == GroupStatus.OK || reward.getStatus() == GroupStatus.PARTIAL;
        return good && nowMs - reward.getClosedMs() <= memory.coalesceMs();
    }

    /** A waiter has waited long enough for the judgement: to hear that it runs will do. */
    void settle(Waiter waiter) {
        List<Runnable> told;
        synchronized (this) {
            waiter.settle();
            Entry entry = entries.get(waiter.id());
            told = entry == null ? List.of() : entry.resolve();
        }
        told.forEach(Runnable::run);
    }

    /** What can be said when a waiter's time is over. */
    synchronized Outcome overtime(Waiter waiter) {
        Entry entry = entries.get(waiter.id());
        return entry != null && entry.accepted(waiter)
                ? new Outcome.Running(waiter.id())
                : new Outcome.Unknown(waiter.id());
    }

    /** A gateway, this one or another, has written a member: the records of a partition in their order. */
    public void wrote(String jobId, String groupId, MemberMark mark, long nowMs) {
        List<Runnable> told;
        synchronized (this) {
            JobId id = new JobId(jobId, groupId, mark.attempt());
            Entry entry = entries.get(id);
            if (entry == null) {
                entry = open(id, mark.size(), false, mark.deadlineMs(), nowMs);
            }
            List<Runnable> outdone = List.of();
            if (entry.outdoneBy(mark)) {
                outdone = entry.tell(
                        new Outcome.Conflict(id, "the id stands for a group of " + mark.size() + " responses"), null);
                entry = open(id, mark.size(), false, mark.deadlineMs(), nowMs);
            }
            entry.wrote(mark);
            keepBound(nowMs);
            told = new ArrayList<>(entry.resolve());
            told.addAll(outdone);
        }
        told.forEach(Runnable::run);
    }

    /** Somebody else than a gateway has written a member of this group. */
    public synchronized void wroteForeign(String jobId, String groupId, long nowMs) {
        if (!latest.containsKey(new Group(jobId, groupId))) {
            open(new JobId(jobId, groupId, 0), 0, true, Long.MAX_VALUE / 2, nowMs);
            keepBound(nowMs);
        }
    }

    /** A job has ended; its first ending stands. */
    public void ended(GroupReward reward, long nowMs) {
        GroupReward kept = Copies.of(reward, new GroupReward(), Map.of("votes", List.of()));
        List<Runnable> told = List.of();
        synchronized (this) {
            JobId id = new JobId(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
            Entry entry = entries.get(id);
            if (entry == null) {
                entry = open(id, reward.getGroupSize(), false, nowMs, nowMs);
            }
            if (entry.reward() == null) {
                entry.end(kept);
                entry.touch(nowMs);
                entries.putLast(id, entry);
                told = entry.resolve();
            }
            forget(nowMs);
        }
        told.forEach(Runnable::run);
    }

    /** Members of a ticket could not be written. */
    void unwritten(Ticket ticket, String detail, boolean tooLarge) {
        List<Runnable> told = List.of();
        synchronized (this) {
            JobId id = ticket.waiter().id();
            Entry entry = ticket.entry();
            // If another group came first under this id, everybody has been told so.
            if (entries.get(id) == entry) {
                entry.unclaim(ticket.toWrite());
                told = entry.tell(new Outcome.Unwritten(id, detail, tooLarge), ticket.toWrite());
                if (entry.empty()) {
                    remove(id);
                }
            }
        }
        told.forEach(Runnable::run);
    }

    /** Tells everybody that this instance closes; nobody is taken in any more. */
    public void close() {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            closed = true;
            entries.values().forEach(entry -> told.addAll(entry.tell(new Outcome.Closing(entry.id()), null)));
        }
        told.forEach(Runnable::run);
    }

    /** Jobs that are remembered. */
    public synchronized int size() {
        return entries.size();
    }

    /** Callers who wait. */
    public synchronized int waiting() {
        return waiting;
    }

    private Entry open(JobId id, int size, boolean foreign, long deadlineMs, long nowMs) {
        Entry entry = new Entry(id, size, foreign, deadlineMs, nowMs);
        entries.put(id, entry);
        latest.merge(id.group(), id.attempt(), Math::max);
        return entry;
    }

    private void keepBound(long nowMs) {
        if (entries.size() > memory.most()) {
            forget(nowMs);
        }
    }

    /** Forgets what is too old or too much, but nothing for which somebody waits. */
    public synchronized void forget(long nowMs) {
        for (int looks = entries.size(); looks > 0; looks--) {
            Entry eldest = entries.firstEntry().getValue();
            if (entries.size() <= memory.most() && nowMs - eldest.touchedMs() <= memory.forMs()) {
                return;
            }
            if (eldest.awaited()) {
                eldest.touch(nowMs);
                entries.putLast(eldest.id(), eldest);
            } else {
                remove(eldest.id());
            }
        }
    }

    private void remove(JobId id) {
        entries.remove(id);
        latest.remove(id.group(), id.attempt());
    }
}
