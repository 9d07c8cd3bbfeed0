/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Groups with their rewards, in the order in which they ended. For one thread. */
public interface GroupSource extends AutoCloseable {

    /**
     * The next group that has ended.
     *
     * @param atMost how long to wait for one
     * @return empty if none came
     */
    Optional<RewardedGroup> next(Duration atMost);

    /** Where it stands: after the last group that {@link #next} gave. */
    GroupPosition position();

    /** Groups whose rollouts have been read, and which {@link #next} has not given yet. */
    Set<GroupId> waiting();

    @Override
    void close();
}
