/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.kritik.gateway.jobs.JobId;
import dev.kritik.gateway.jobs.Ledger;
import dev.kritik.gateway.jobs.MemberMark;
import dev.kritik.gateway.jobs.Reader;
import dev.kritik.gateway.jobs.Writer;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.TraceContext;

/**
 * The topics, the stream application and the judges in memory: any number of gateway instances write and read here. Every
 * record reaches all of them, in one order. A group is judged once, when all of its members are there.
 */
public final class FakeTopics {

    private record Written(JobId id, Rollout rollout, MemberMark mark) {}

    private final List<Ledger> instances = new ArrayList<>();
    private final List<Rollout> written = new ArrayList<>();
    private final Map<JobId, Set<Integer>> members = new HashMap<>();
    private final Map<JobId, List<Rollout>> complete = new HashMap<>();
    private final List<JobId> judged = new ArrayList<>();
    private Function<List<Rollout>, Double[]> judge = group -> group.stream()
            .map(rollout -> (double) rollout.getResponse().length())
            .toArray(Double[]::new);
    private boolean judging = true;
    private boolean delivering = true;
    private boolean caughtUp = true;
    private final List<Written> held = new ArrayList<>();
    private final List<TraceContext> traces = new ArrayList<>();
    private Refusal refusal;

    /** How writing fails. */
    public record Refusal(String message, boolean tooLarge) {}

    public synchronized Writer writer() {
        return this::write;
    }

    /** Another instance that reads. */
    public synchronized Reader reader(Ledger ledger) {
        instances.add(ledger);
        return new Reader() {
            @Override
            public boolean caughtUp() {
                return caughtUp;
            }

            @Override
            public CompletionStage<Void> readUpToNow() {
                deliver();
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    /** From now on groups wait until {@link #judgeAll}. */
    public synchronized void stopJudging() {
        judging = false;
    }

    /** From now on records stand on the topic, and nobody has read them until {@link #deliver}. */
    public synchronized void stopDelivering() {
        delivering = false;
    }

    public synchronized void caughtUp(boolean is) {
        caughtUp = is;
    }

    public synchronized void refuse(Refusal with) {
        refusal = with;
    }

    public synchronized void judge(Function<List<Rollout>, Double[]> with) {
        judge = with;
    }

    private synchronized CompletionStage<Void> write(
            List<Map.Entry<Rollout, MemberMark>> rollouts, Optional<TraceContext> trace) {
        trace.ifPresent(traces::add);
        if (refusal != null) {
            return CompletableFuture.failedFuture(new Writer.Refused(refusal.message(), refusal.tooLarge(), null));
        }
        for (Map.Entry<Rollout, MemberMark> one : rollouts) {
            Rollout rollout = one.getKey();
            written.add(rollout);
            JobId id = new JobId(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt());
            held.add(new Written(id, rollout, one.getValue()));
        }
        if (delivering) {
            deliver();
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Lets everybody read what stands on the topic. */
    public synchronized void deliver() {
        List<Written> now = List.copyOf(held);
        held.clear();
        for (Written one : now) {
            instances.forEach(ledger ->
                    ledger.wrote(one.id().jobId(), one.id().groupId(), one.mark(), System.currentTimeMillis()));
            if (members.computeIfAbsent(one.id(), id -> new HashSet<>())
                    .add(one.rollout().getIndex())) {
                complete.computeIfAbsent(one.id(), id -> new ArrayList<>()).add(one.rollout());
            }
        }
        if (judging) {
            judgeAll();
        }
    }

    /** Judges all groups that are complete, each once. */
    public synchronized void judgeAll() {
        complete.forEach((id, group) -> {
            if (group.size() == group.getFirst().getGroupSize() && !judged.contains(id)) {
                judged.add(id);
                List<Rollout> inOrder = group.stream()
                        .sorted((one, other) -> Integer.compare(one.getIndex(), other.getIndex()))
                        .toList();
                GroupReward reward = Rewards.of(id, System.currentTimeMillis(), judge.apply(inOrder));
                instances.forEach(ledger -> ledger.ended(reward, System.currentTimeMillis()));
            }
        });
    }

    /** All rollouts, repeated ones too. */
    public synchronized List<Rollout> written() {
        return List.copyOf(written);
    }

    /** The traces of what was written, where there were any. */
    public synchronized List<TraceContext> traces() {
        return List.copyOf(traces);
    }

    /** The groups that were judged. */
    public synchronized List<JobId> judged() {
        return List.copyOf(judged);
    }
}
