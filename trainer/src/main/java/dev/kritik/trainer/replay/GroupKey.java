/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.util.Comparator;

/** Which group; ordered by job, group and attempt. */
public record GroupKey(String job, String group, int attempt) implements Comparable<GroupKey> {

    private static final Comparator<GroupKey> ORDER =
            Comparator.comparing(GroupKey::job).thenComparing(GroupKey::group).thenComparingInt(GroupKey::attempt);

    @Override
    public int compareTo(GroupKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return job + "/" + group + "/" + attempt;
    }
}
