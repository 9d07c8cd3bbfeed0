/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.Locale;

/**
 * Which groups are listed, and in which order.
 *
 * @param job only of this job; empty for all
 * @param state only in this state: one of {@link GroupLine#state}, OPEN, or ENDED; empty for all
 * @param text only groups with this in their id, whatever its case; empty for all
 * @param order how they are sorted
 * @param limit most lines
 */
public record GroupFilter(String job, String state, String text, Order order, int limit) {

    /** How groups are sorted. */
    public enum Order {
        /** By the time of their first rollout, newest first. */
        NEWEST,
        /** By the time that they took or are taking, longest first. */
        SLOWEST,
        /** Those without all rewards first, then newest. */
        FAILED
    }

    boolean takes(GroupLine line) {
        return (job.isEmpty() || job.equals(line.id().job()))
                && (text.isEmpty()
                        || line.id().group().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                && switch (state) {
                    case "" -> true;
                    case "OPEN" -> line.ending() == null;
                    case "ENDED" -> line.ending() != null;
                    default -> state.equals(line.state());
                };
    }
}
