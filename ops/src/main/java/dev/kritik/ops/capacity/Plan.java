/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import java.util.List;

/**
 * What a load needs.
 *
 * @param lines all figures, in the order in which they were computed
 * @param limits what can run out, the first to do so first
 */
public record Plan(List<Line> lines, List<Limit> limits) {

    public Plan {
        lines = List.copyOf(lines);
        limits = List.copyOf(limits);
    }

    /** A figure by its name. */
    public double get(String name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no line " + name))
                .value();
    }
}
