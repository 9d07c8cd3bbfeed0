/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/**
 * Brings the rollouts of one job together with the records that end their groups, and knows at each moment from where both
 * topics would have to be read again to come to the same state. No Kafka in it; not safe for use by many threads.
 *
 * <p>It is told of every record of the job, in the order of each partition, and of each offset that is done with.
 */
final class Join {

    private static final Logger LOG = LoggerFactory.getLogger(Join.class);

    /** Groups handed out last, whose stray rollouts are known as such: minutes of them, in a few megabytes. */
    private static final int REMEMBERED = 20_000;

    /** A group with rollouts that have been read; the first one to come says what the others have to agree with. */
    private static final class Gathered {
        private final int size;
        private final List<Message> messages;
        private final Map<Integer, Rollout> rollouts = new HashMap<>();
        private final Map<Integer, Long> firstOffsets = new HashMap<>();

        Gathered(Rollout first) {
            size = first.getGroupSize();
            messages = first.getMessages();
        }

        /** As the stream application does: the first of an index counts, and whoever contradicts the first does not. */
        void take(int partition, long offset, Rollout rollout) {
            firstOffsets.putIfAbsent(partition, offset);
            int index = rollout.getIndex();
            if (index >= 0
                    && index < size
                    && rollout.getGroupSize() == size
                    && rollout.getMessages().equals(messages)) {
                rollouts.putIfAbsent(index, rollout);
            }
        }
    }

    /** A record that ends a group; they are numbered as they come. */
    private record End(long offset, long number, GroupReward reward) {}

    private final GroupPosition from;
    private final Map<Integer, Long> rewardsRead;
    private final Map<Integer, Long> rolloutsRead;
    private final Map<GroupId, Gathered> gathered = new HashMap<>();
    private final Set<GroupId> waiting;
    private final Map<Integer, Deque<End>> ends = new TreeMap<>();
    private final Map<GroupId, Boolean> over = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupId, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private int endsKept;
    private long numbers;
    private long settled;

    /**
     * A join at a position.
     *
     * @param from names all partitions
     * @param rewardsFrom offsets from which rewards are read again: those before the position only say whose groups are over
     */
    Join(GroupPosition from, Map<Integer, Long> rewardsFrom) {
        this.from = from;
        this.rewardsRead = new HashMap<>(rewardsFrom);
        this.rolloutsRead = new HashMap<>(from.rollouts());
        this.waiting = new HashSet<>(from.waiting());
    }

    /** Takes a rollout of the job. */
    void rollout(int partition, long offset, Rollout rollout) {
        GroupId id = new GroupId(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt());
        boolean readBefore = offset < from.rolloutsRead().getOrDefault(partition, 0L);
        if (over.containsKey(id) || (readBefore && !from.waiting().contains(id))) {
            return; // of a group that has been handed out: repeated, or late
        }
        Gathered group = gathered.get(id);
        if (group == null) {
            if (rollout.getHint() != null) {
                return;
            }
            group = new Gathered(rollout);
            gathered.put(id, group);
            waiting.add(id);
        }
        group.take(partition, offset, rollout);
    }

    /** Takes a record that ends a group of the job. */
    void reward(int partition, long offset, GroupReward reward) {
        if (reward.getHinted() || offset < from.rewards().getOrDefault(partition, 0L)) {
            drop(id(reward));
            return;
        }
        numbers++;
        endsKept++;
        ends.computeIfAbsent(partition, any -> new ArrayDeque<>()).add(new End(offset, numbers, reward));
    }

    /** All before this offset has been taken. */
    void rewardsRead(int partition, long offset) {
        rewardsRead.merge(partition, offset, Math::max);
    }

    /** All before this offset has been taken. */
    void rolloutsRead(int partition, long offset) {
        rolloutsRead.merge(partition, offset, Math::max);
    }

    /** Offset before which all has been taken. */
    long rewardsRead(int partition) {
        return rewardsRead.getOrDefault(partition, 0L);
    }

    /** Offset before which all has been taken. */
    long rolloutsRead(int partition) {
        return rolloutsRead.getOrDefault(partition, 0L);
    }

    /** The next group: of those that stand first on their partition and are complete, the one that ended first. */
    Optional<RewardedGroup> next() {
        while (true) {
            Deque<End> queue = null;
            for (Deque<End> other : ends.values()) {
                if (!other.isEmpty()
                        && isReady(other.getFirst())
                        && (queue == null
                                || other.getFirst().reward().getClosedMs()
                                        < queue.getFirst().reward().getClosedMs())) {
                    queue = other;
                }
            }
            if (queue == null) {
                return Optional.empty();
            }
            GroupReward reward = queue.removeFirst().reward();
            endsKept--;
            GroupId id = id(reward);
            if (over.containsKey(id)) {
                LOG.atWarn()
                        .addKeyValue("jobId", id.jobId())
                        .addKeyValue("groupId", id.groupId())
                        .addKeyValue("attempt", id.attempt())
                        .log("passed over a second reward of a group");
                continue;
            }
            Map<Integer, Rollout> rollouts = rollouts(id);
            drop(id);
            if (!isComplete(reward, rollouts)) {
                LOG.atWarn()
                        .addKeyValue("jobId", id.jobId())
                        .addKeyValue("groupId", id.groupId())
                        .addKeyValue("attempt", id.attempt())
                        .addKeyValue("size", reward.getGroupSize())
                        .addKeyValue("rollouts", rollouts.size())
                        .log("a group is handed out without all of its rollouts: the topic does not hold them");
            }
            return Optional.of(new RewardedGroup(reward, rollouts));
        }
    }

    /** Number of the last record that can't be handed out before more rollouts are read; 0 if none waits for rollouts. */
    long blocked() {
        boolean any = ends.values().stream().anyMatch(queue -> !queue.isEmpty() && !isReady(queue.getFirst()));
        return any ? numbers : 0;
    }

    /** All rollouts have been read that were there when the record of this number had been: nothing waits for them longer. */
    void settle(long number) {
        settled = Math.max(settled, number);
    }

    /** Records that end groups, read and not handed out. */
    int endsKept() {
        return endsKept;
    }

    /** Groups of which rollouts are held. */
    int gathered() {
        return gathered.size();
    }

    /** Groups whose rollouts have been read, now or before the position, and which have not been handed out. */
    Set<GroupId> waiting() {
        return Collections.unmodifiableSet(new HashSet<>(waiting));
    }

    /** From where everything comes that has not been handed out, and nothing else. */
    GroupPosition position() {
        Map<Integer, Long> rewards = new HashMap<>();
        rewardsRead.forEach((partition, read) ->
                rewards.put(partition, Math.max(read, from.rewards().getOrDefault(partition, 0L))));
        ends.forEach((partition, queue) -> {
            if (!queue.isEmpty()) {
                rewards.put(partition, queue.getFirst().offset());
            }
        });
        Map<Integer, Long> rollouts = new HashMap<>(rolloutsRead);
        gathered.values()
                .forEach(group ->
                        group.firstOffsets.forEach((partition, first) -> rollouts.merge(partition, first, Math::min)));
        Map<Integer, Long> read = new HashMap<>();
        rolloutsRead.forEach((partition, offset) ->
                read.put(partition, Math.max(offset, from.rolloutsRead().getOrDefault(partition, 0L))));
        return new GroupPosition(rewards, rollouts, read, waiting);
    }

    private boolean isReady(End end) {
        GroupId id = id(end.reward());
        return end.number() <= settled || over.containsKey(id) || isComplete(end.reward(), rollouts(id));
    }

    /** Whether nobody is missing of whom the stream application knew. */
    private static boolean isComplete(GroupReward reward, Map<Integer, Rollout> rollouts) {
        for (MemberReward member : reward.getMembers()) {
            if (member.getStatus() != MemberStatus.MISSING && !rollouts.containsKey(member.getIndex())) {
                return false;
            }
        }
        return true;
    }

    private Map<Integer, Rollout> rollouts(GroupId id) {
        Gathered group = gathered.get(id);
        return group == null ? Map.of() : group.rollouts;
    }

    private void drop(GroupId id) {
        over.put(id, true);
        gathered.remove(id);
        waiting.remove(id);
    }

    private static GroupId id(GroupReward reward) {
        return new GroupId(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
    }
}
