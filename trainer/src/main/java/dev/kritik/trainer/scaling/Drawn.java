/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.scaling;

import java.util.List;

import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.Truth;

/**
 * A task and what was drawn for it.
 *
 * @param samples in the order of drawing
 * @param tokens that all of them have
 * @param right samples that are right by Eq. 10
 */
public record Drawn(RlTask task, List<Sample> samples, int tokens, int right) {

    public Drawn {
        samples = List.copyOf(samples);
    }

    /** For voting; only for tasks of several responses. */
    public Voted voted() {
        if (task.truth() instanceof Truth.Best best) {
            return new Voted(task.id(), best.index(), task.responses().size(), samples);
        }
        throw new IllegalStateException(task.id() + " has one response: there is nothing to choose");
    }
}
