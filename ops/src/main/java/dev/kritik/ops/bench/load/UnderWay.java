/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;

/** The groups of a run that have been sent. Rewards are read on a thread of its own, all else is done by the sender's. */
final class UnderWay implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    /** A group that was sent. */
    private record Sent(int number, String jobId, String groupId, long ns, long ms) {}

    /** A reward that was read. */
    private record Seen(GroupReward reward, long ns, long ms) {}

    private final TopicReader<GroupReward> rewards;
    private final Semaphore room;
    private final IntConsumer progress;
    private final List<String> keys = new ArrayList<>();
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final Thread reader =
            Thread.ofPlatform().name("rewards-reader").daemon().unstarted(this::read);
    private volatile boolean closing;

    /**
     * @param room gets a permit for each group that ends
     * @param progress is told how many groups have ended
     */
    UnderWay(TopicReader<GroupReward> rewards, Semaphore room, IntConsumer progress) {
        this.rewards = rewards;
        this.room = room;
        this.progress = progress;
    }

    void start() {
        reader.start();
    }

    /** Notes a group that is about to be sent. */
    void sent(int number, List<Rollout> members, long ns) {
        Rollout first = members.getFirst();
        String key = key(first.getJobId(), first.getGroupId(), first.getGroupAttempt());
        long ms = System.currentTimeMillis() - (System.nanoTime() - ns) / 1_000_000;
        if (sent.putIfAbsent(key, new Sent(number, first.getJobId(), first.getGroupId(), ns, ms)) != null) {
            throw new IllegalArgumentException("group " + key + " stands in the workload twice");
        }
        keys.add(key);
    }

    private void read() {
        try {
            while (!closing) {
                List<GroupReward> batch = rewards.poll(POLL);
                long ns = System.nanoTime();
                long ms = System.currentTimeMillis();
                for (GroupReward reward : batch) {
                    String key = key(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
                    // Whatever others have sent goes by.
                    if (sent.containsKey(key) && seen.putIfAbsent(key, new Seen(reward, ns, ms)) == null) {
                        room.release();
                    }
                }
                if (!batch.isEmpty()) {
                    progress.accept(seen.size());
                }
            }
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    /** @throws CommandFailed if rewards can't be read any more */
    void check() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new CommandFailed("rewards can't be read: " + failed.getMessage(), failed);
        }
    }

    /** Waits until all groups have ended, or the time is over; all that were sent, in their order. */
    List<GroupTimes> await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (seen.size() < keys.size() && System.nanoTime() < end) {
            check();
            Thread.sleep(20);
        }
        return keys.stream().map(this::times).toList();
    }

    private GroupTimes times(String key) {
        Sent from = sent.get(key);
        Seen to = seen.get(key);
        return new GroupTimes(
                from.number(),
                from.jobId(),
                from.groupId(),
                from.ns(),
                from.ms(),
                to == null ? 0 : to.ns(),
                to == null ? 0 : to.ms(),
                Optional.ofNullable(to).map(Seen::reward),
                Optional.empty());
    }

    private static String key(String jobId, String groupId, int attempt) {
        return jobId + "/" + groupId + "/" + attempt;
    }

    /** Ends the reading; the reader of the topic stays the caller's to close. */
    @Override
    public void close() {
        closing = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
