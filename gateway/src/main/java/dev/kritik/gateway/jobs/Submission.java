/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.jobs;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.TraceContext;

/**
 * A group, or members of one, that somebody wants judged.
 *
 * @param jobId the job
 * @param groupId the group's id, as the client named it; empty: it is made from the content
 * @param attempt repetition of the group; counts only with an id
 * @param size members of the whole group
 * @param members the members by index, as rollouts without group id, attempt and deadline; not empty
 * @param timeout how long the judgement may take from now on
 * @param trace the trace to which it belongs; says nothing of what is judged
 */
public record Submission(
        String jobId,
        Optional<String> groupId,
        int attempt,
        int size,
        NavigableMap<Integer, Rollout> members,
        Duration timeout,
        Optional<TraceContext> trace) {

    public Submission {
        members = Collections.unmodifiableNavigableMap(new TreeMap<>(members));
        if (members.isEmpty() || members.firstKey() < 0 || members.lastKey() >= size) {
            throw new IllegalArgumentException("members " + members.keySet() + " of a group of " + size);
        }
        if (groupId.isEmpty() && members.size() < size) {
            throw new IllegalArgumentException("a group without an id comes whole");
        }
    }

    /** One that belongs to no trace. */
    public Submission(
            String jobId,
            Optional<String> groupId,
            int attempt,
            int size,
            NavigableMap<Integer, Rollout> members,
            Duration timeout) {
        this(jobId, groupId, attempt, size, members, timeout, Optional.empty());
    }

    /** The same as part of this trace. */
    public Submission in(Optional<TraceContext> newTrace) {
        return new Submission(jobId, groupId, attempt, size, members, timeout, newTrace);
    }

    /** What each member says. */
    NavigableMap<Integer, Fingerprint> fingerprints() {
        NavigableMap<Integer, Fingerprint> all = new TreeMap<>();
        members.forEach((index, rollout) -> all.put(index, Fingerprint.of(rollout)));
        return all;
    }

    /** A member as it is written, with what stands beside it. */
    Map.Entry<Rollout, MemberMark> written(JobId id, int index, Fingerprint fingerprint, long deadlineMs) {
        Rollout rollout = Copies.of(
                members.get(index),
                new Rollout(),
                Map.of(
                        "job_id",
                        jobId,
                        "group_id",
                        id.groupId(),
                        "group_attempt",
                        id.attempt(),
                        "index",
                        index,
                        "group_size",
                        size,
                        "deadline_ms",
                        deadlineMs));
        return Map.entry(rollout, new MemberMark(id.attempt(), index, size, fingerprint, deadlineMs));
    }
}
