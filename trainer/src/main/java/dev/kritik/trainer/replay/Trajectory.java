/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.util.Comparator;

import dev.kritik.schema.Critique;

/** One generation of a judge, and where its record stood. */
public record Trajectory(Critique critique, Position at) {

    /** By panel, then sample. */
    static final Comparator<Trajectory> BY_IDENTITY = Comparator.<Trajectory>comparingInt(
                    it -> it.critique().getPanel())
            .thenComparingInt(it -> it.critique().getSample());

    /** Whether the judge wrote anything to learn from. */
    boolean hasText() {
        String text = critique.getRawText();
        return text != null && !text.isBlank();
    }
}
