/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.kritik.schema.Rollout;

/** The groups of a book that are sampled again, one after another: texts are in memory only while a group is sent. */
public final class SampleSource implements Iterable<List<Rollout>> {

    private final Book book;
    private final Resampling resampling;
    private final List<GroupKey> groups;
    private final Map<String, Integer> left;

    private SampleSource(Book book, Resampling resampling, List<GroupKey> groups, Map<String, Integer> left) {
        this.book = book;
        this.resampling = resampling;
        this.groups = groups;
        this.left = left;
    }

    /** Looks through the book: of several attempts of a group the last one counts. */
    public static SampleSource of(Book book, Resampling resampling) throws IOException {
        List<GroupKey> groups = new ArrayList<>();
        Map<String, Integer> left = new TreeMap<>();
        List<GroupKey> keys = book.groups();
        for (int i = 0; i < keys.size(); i++) {
            GroupKey key = keys.get(i);
            boolean last = i + 1 == keys.size()
                    || !keys.get(i + 1).job().equals(key.job())
                    || !keys.get(i + 1).group().equals(key.group());
            String problem = last ? problem(book.group(key)) : "EARLIER_ATTEMPT";
            if (problem == null) {
                groups.add(key);
            } else {
                left.merge(problem, 1, Integer::sum);
            }
        }
        return new SampleSource(book, resampling, groups, left);
    }

    private static String problem(Assembly assembly) {
        Optional<LabelledGroup> group = assembly.group();
        if (group.isEmpty()) {
            return assembly.problem();
        }
        return group.get().hinted() ? "HINTED" : group.get().complete() ? null : "INCOMPLETE";
    }

    /** How many new groups there will be. */
    public int size() {
        return groups.size() * ((resampling.nRft() > 0 ? 1 : 0) + (resampling.hinted() > 0 ? 1 : 0));
    }

    /** Labelled groups that are not sampled, by reason. */
    public Map<String, Integer> left() {
        return Map.copyOf(left);
    }

    /** The new groups, each with its rollouts. */
    @Override
    public Iterator<List<Rollout>> iterator() {
        return groups.stream().flatMap(this::sampled).iterator();
    }

    private Stream<List<Rollout>> sampled(GroupKey key) {
        try {
            return resampling.of(book.group(key).group().orElseThrow()).stream();
        } catch (IOException e) {
            throw new UncheckedIOException("the waiting records can't be read", e);
        }
    }
}
