/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.ceiling;

import java.util.Locale;

/** Who answers the requests. */
enum Mode {
    /** {@link StandIn}: what is measured is the stream application. */
    STAND_IN("stand-in for workers"),
    /** A worker with the classic source, and a recorded judge that answers at once. */
    CLASSIC("worker, classic source"),
    /** A worker with the share group, and the same judge. */
    SHARE("worker, share group");

    private final String title;

    Mode(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
