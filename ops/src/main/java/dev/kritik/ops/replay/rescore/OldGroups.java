/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.data.Truth;
import dev.kritik.trainer.replay.GroupKey;
import dev.kritik.trainer.replay.Spool;

/**
 * Groups that were judged once: first all their rewards are given, then all rollouts; then groups are asked for. Texts stand
 * in a file meanwhile; in memory is what a reward says, about 100 bytes a member. For one thread.
 */
public final class OldGroups implements Closeable {

    private static final class Group {
        private final Outcome outcome;
        private final Set<Integer> arrived;
        private final SortedMap<Integer, Long> members = new TreeMap<>();
        private final List<Integer> order = new ArrayList<>();
        private String label;
        private int size;

        Group(Outcome outcome, Set<Integer> arrived) {
            this.outcome = outcome;
            this.arrived = arrived;
        }
    }

    private final Predicate<String> jobs;
    private final Function<byte[], Rollout> form;
    private final Spool spool;
    private final SortedMap<GroupKey, Group> groups = new TreeMap<>();
    private final Map<String, Integer> left = new HashMap<>();

    /**
     * Without groups.
     *
     * @param folder where a file for waiting rollouts is made, which is gone at the end
     * @param jobs which jobs count
     * @param form reads the bytes of a rollout again
     */
    public OldGroups(Path folder, Predicate<String> jobs, Function<byte[], Rollout> form) throws IOException {
        this.spool = new Spool(folder);
        this.jobs = jobs;
        this.form = form;
    }

    public static GroupKey key(GroupReward reward) {
        return new GroupKey(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
    }

    /** Takes in a terminal record. There is one for each group; of several, the first counts. */
    public void reward(GroupReward reward) {
        if (jobs.test(reward.getJobId())) {
            Set<Integer> arrived = reward.getMembers().stream()
                    .filter(member -> member.getStatus() != MemberStatus.MISSING)
                    .map(MemberReward::getIndex)
                    .collect(Collectors.toUnmodifiableSet());
            groups.putIfAbsent(key(reward), new Group(Outcome.of(reward), arrived));
        }
    }

    /** Takes in a rollout; one of a group without a terminal record is only counted. */
    public void rollout(Rollout rollout, byte[] bytes) throws IOException {
        if (!jobs.test(rollout.getJobId())) {
            return;
        }
        Group group = groups.get(new GroupKey(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt()));
        if (group == null) {
            left.merge("ROLLOUTS_WITHOUT_REWARD", 1, Integer::sum);
        } else if (!group.arrived.contains(rollout.getIndex())) {
            left.merge("ROLLOUTS_NOT_OF_THE_GROUP", 1, Integer::sum); // too late, or a dead letter
        } else if (!group.members.containsKey(rollout.getIndex())) {
            group.members.put(rollout.getIndex(), spool.append(bytes));
            group.order.add(rollout.getIndex());
            group.size = rollout.getGroupSize();
            group.label = rollout.getLabel();
        }
    }

    /** Leaves out what can't be judged again as it was. */
    public void settle() {
        groups.entrySet().removeIf(entry -> {
            Group group = entry.getValue();
            String problem = group.members.isEmpty()
                    ? "NO_ROLLOUTS" // of another time, or gone
                    : group.members.size() < group.arrived.size() ? "MEMBERS_GONE" : null;
            if (problem != null) {
                left.merge(problem, 1, Integer::sum);
            }
            return problem != null;
        });
    }

    public int size() {
        return groups.size();
    }

    public boolean holds(GroupKey key) {
        return groups.containsKey(key);
    }

    /** What was left out, by reason. */
    public SortedMap<String, Integer> left() {
        return new TreeMap<>(left);
    }

    /** The groups, ascending, each with its rollouts in the order in which they came. */
    public Iterator<List<Rollout>> iterator() {
        return groups.values().stream().map(this::rollouts).iterator();
    }

    private List<Rollout> rollouts(Group group) {
        List<Rollout> rollouts = new ArrayList<>();
        for (int index : group.order) {
            try {
                rollouts.add(form.apply(spool.read(group.members.get(index))));
            } catch (IOException e) {
                throw new UncheckedIOException("the waiting records can't be read", e);
            }
        }
        return rollouts;
    }

    /** Holds what the groups get now against what they got then; those that have nothing yet are left out. */
    public List<GroupComparison> compare(Map<GroupKey, Outcome> now) {
        List<GroupComparison> comparisons = new ArrayList<>();
        groups.forEach((key, group) -> Optional.ofNullable(now.get(key))
                .ifPresent(outcome -> comparisons.add(GroupComparison.of(key, best(group), group.outcome, outcome))));
        return comparisons;
    }

    private static Integer best(Group group) {
        return group.label == null
                ? null
                : Truth.parse(group.label, group.size)
                        .map(truth -> truth instanceof Truth.Best best ? Integer.valueOf(best.index()) : null)
                        .orElse(null);
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
