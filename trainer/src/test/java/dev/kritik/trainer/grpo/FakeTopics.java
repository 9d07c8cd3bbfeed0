/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

import dev.kritik.client.GroupId;
import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupSource;
import dev.kritik.client.RewardedGroup;
import dev.kritik.schema.Rollout;

/**
 * Topics in memory, which outlive the trainers that use them: groups end one by one, in their order or by chance, whenever a
 * reader waits for one.
 */
final class FakeTopics {

    private final Function<List<Rollout>, RewardedGroup> judge;
    private final List<List<Rollout>> published = new ArrayList<>();
    private final List<List<Rollout>> judging = new ArrayList<>();
    private final List<RewardedGroup> ended = new ArrayList<>();
    private Optional<Random> disorder = Optional.empty();
    private Optional<RuntimeException> refusal = Optional.empty();
    private int mostEnded = Integer.MAX_VALUE;
    private int open;

    FakeTopics(Function<List<Rollout>, RewardedGroup> judge) {
        this.judge = judge;
    }

    /** Groups end in any order. */
    synchronized FakeTopics disordered(Random random) {
        disorder = Optional.of(random);
        return this;
    }

    /** No more groups end than so many. */
    synchronized void endAtMost(int groups) {
        mostEnded = groups;
    }

    /** Nothing can be published any more. */
    synchronized void refuse(RuntimeException why) {
        refusal = Optional.of(why);
    }

    /** All that has been published, in its order. */
    synchronized List<List<Rollout>> published() {
        return List.copyOf(published);
    }

    /** What is being judged is gone, as if the topics kept records for a moment only. */
    synchronized void forget() {
        published.removeAll(judging);
        judging.clear();
    }

    /** Exchanges and sources that are not closed. */
    synchronized int open() {
        return open;
    }

    synchronized Exchange exchange() {
        open++;
        return new FakeExchange();
    }

    private synchronized Optional<RewardedGroup> next(int at, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (at == ended.size() && !canEnd() && System.nanoTime() < until) {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (at == ended.size() && canEnd()) {
            int which = disorder.map(random -> random.nextInt(judging.size())).orElse(0);
            ended.add(judge.apply(judging.remove(which)));
        }
        return at < ended.size() ? Optional.of(ended.get(at)) : Optional.empty();
    }

    private synchronized boolean canEnd() {
        return !judging.isEmpty() && ended.size() < mostEnded;
    }

    private synchronized Set<GroupId> waiting(int at) {
        Set<GroupId> waiting = new HashSet<>();
        published.forEach(group -> waiting.add(new GroupId(
                group.getFirst().getJobId(),
                group.getFirst().getGroupId(),
                group.getFirst().getGroupAttempt())));
        ended.subList(0, at).forEach(group -> waiting.remove(group.id()));
        return waiting;
    }

    private synchronized GroupPosition position(int at) {
        return new GroupPosition(Map.of(0, (long) at), Map.of(0, 0L), Map.of(0, (long) published.size()), waiting(at));
    }

    private synchronized void publish(List<List<Rollout>> groups) {
        refusal.ifPresent(why -> {
            throw why;
        });
        published.addAll(groups);
        judging.addAll(groups);
        notifyAll();
    }

    private synchronized void closed() {
        open--;
    }

    private synchronized int ended() {
        return ended.size();
    }

    private final class FakeExchange implements Exchange {

        @Override
        public String rewards() {
            return "fake";
        }

        @Override
        public GroupPosition end() {
            return FakeTopics.this.position(ended());
        }

        @Override
        public GroupSource read(GroupPosition from) {
            synchronized (FakeTopics.this) {
                open++;
            }
            return new FakeSource(Math.toIntExact(from.rewards().get(0)));
        }

        @Override
        public void publish(List<List<Rollout>> groups) {
            FakeTopics.this.publish(groups);
        }

        @Override
        public void close() {
            closed();
        }
    }

    private final class FakeSource implements GroupSource {
        private int at;

        FakeSource(int at) {
            this.at = at;
        }

        @Override
        public Optional<RewardedGroup> next(Duration atMost) {
            Optional<RewardedGroup> next = FakeTopics.this.next(at, atMost);
            at += next.isPresent() ? 1 : 0;
            return next;
        }

        @Override
        public GroupPosition position() {
            return FakeTopics.this.position(at);
        }

        @Override
        public Set<GroupId> waiting() {
            return FakeTopics.this.waiting(at);
        }

        @Override
        public void close() {
            closed();
        }
    }
}
