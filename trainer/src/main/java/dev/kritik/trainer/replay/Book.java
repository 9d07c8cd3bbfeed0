/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.kritik.schema.Critique;
import dev.kritik.schema.Rollout;

/**
 * Joins rollouts and critiques by their group. First all rollouts are given, then all critiques, each in any order; then
 * groups are asked for.
 *
 * <p>Records stand in a file meanwhile, so that memory holds an index only: about 300 bytes a group and 50 a labelled
 * record or critique of one, however long the texts are. For one thread.
 */
public final class Book implements Closeable {

    /**
     * What was not kept, and what was counted on the way.
     *
     * @param unlabelledRollouts rollouts without a label
     * @param otherJobs rollouts of jobs that were not asked for
     * @param critiquesOfOthers critiques of groups whose labelled rollouts are not there
     */
    public record Passed(long unlabelledRollouts, long otherJobs, long critiquesOfOthers) {}

    private record Entry(Position at, long spooled) {}

    private static final class Index {
        private final List<Entry> rollouts = new ArrayList<>();
        private final List<Entry> critiques = new ArrayList<>();
    }

    private final Predicate<String> jobs;
    private final Function<byte[], Rollout> rolloutForm;
    private final Function<byte[], Critique> critiqueForm;
    private final Spool spool;
    private final Map<GroupKey, Index> labelled = new HashMap<>();
    private final Set<GroupKey> unlabelled = new HashSet<>();
    private long unlabelledRollouts;
    private long otherJobs;
    private long critiquesOfOthers;

    /**
     * An empty book.
     *
     * @param folder where a file for waiting records is made, which is gone at the end
     * @param jobs which jobs count
     * @param rolloutForm reads the bytes of a rollout again
     * @param critiqueForm reads the bytes of a critique again
     */
    public Book(
            Path folder,
            Predicate<String> jobs,
            Function<byte[], Rollout> rolloutForm,
            Function<byte[], Critique> critiqueForm)
            throws IOException {
        this.spool = new Spool(folder);
        this.jobs = jobs;
        this.rolloutForm = rolloutForm;
        this.critiqueForm = critiqueForm;
    }

    /** Takes in a rollout; one without a label is only counted. */
    public void rollout(Rollout rollout, Position at, byte[] bytes) throws IOException {
        if (!jobs.test(rollout.getJobId())) {
            otherJobs++;
            return;
        }
        GroupKey key = new GroupKey(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt());
        if (rollout.getLabel() == null) {
            unlabelledRollouts++;
            unlabelled.add(key);
            return;
        }
        labelled.computeIfAbsent(key, group -> new Index()).rollouts.add(new Entry(at, spool.append(bytes)));
    }

    /** Takes in a critique; one of a group that is not labelled, or not there, is only counted. */
    public void critique(Critique critique, Position at, byte[] bytes) throws IOException {
        Index index =
                labelled.get(new GroupKey(critique.getJobId(), critique.getGroupId(), critique.getGroupAttempt()));
        if (index == null) {
            critiquesOfOthers++;
            return;
        }
        index.critiques.add(new Entry(at, spool.append(bytes)));
    }

    /** The labelled groups, ascending. */
    public List<GroupKey> groups() {
        return labelled.keySet().stream().sorted().toList();
    }

    /** Groups of which no rollout has a label. */
    public long unlabelledGroups() {
        return unlabelled.stream().filter(key -> !labelled.containsKey(key)).count();
    }

    /** What was passed over. */
    public Passed passed() {
        return new Passed(unlabelledRollouts, otherJobs, critiquesOfOthers);
    }

    /** Puts a group together. */
    public Assembly group(GroupKey key) throws IOException {
        List<Assembly.Taken> taken = new ArrayList<>();
        for (Entry entry : inOrder(labelled.get(key).rollouts)) {
            taken.add(new Assembly.Taken(rolloutForm.apply(spool.read(entry.spooled())), entry.at()));
        }
        return Assembly.of(key, taken);
    }

    /** The critiques of a group in the order of their positions; repeated ones too. */
    public List<Trajectory> critiques(GroupKey key) throws IOException {
        List<Trajectory> critiques = new ArrayList<>();
        for (Entry entry : inOrder(labelled.get(key).critiques)) {
            critiques.add(new Trajectory(critiqueForm.apply(spool.read(entry.spooled())), entry.at()));
        }
        return critiques;
    }

    private static List<Entry> inOrder(List<Entry> entries) {
        return entries.stream().sorted(Comparator.comparing(Entry::at)).toList();
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
