/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.List;

import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupSource;
import dev.kritik.schema.Rollout;

/** Where rollouts go, and groups with rewards come from. Publishing and reading may be done by different threads. */
public interface Exchange extends AutoCloseable {

    /** What the rewards come from, in a word. A run goes on with the same only. */
    String rewards();

    /** Where reading begins for whoever has published nothing yet. */
    GroupPosition end();

    /**
     * Reads from a position on. What was published by then, and has not been handed out before the position, is in
     * {@link GroupSource#waiting}.
     */
    GroupSource read(GroupPosition from);

    /** Publishes groups: all of them, or none. */
    void publish(List<List<Rollout>> groups);

    @Override
    void close();
}
