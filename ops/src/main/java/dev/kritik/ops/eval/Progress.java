/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import java.io.PrintWriter;
import java.util.Locale;

/** Says how far a run is: a bar that is drawn over itself on a terminal, else a line now and then. */
public final class Progress {

    private static final int WIDTH = 30;
    private static final long EVERY_NANOS = 5_000_000_000L;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final String unit;
    private final long begin = System.nanoTime();
    private long shown = -1;
    private long shownAt = begin;

    /** Counts groups; writes to a terminal, or to something else. */
    public Progress(PrintWriter err, boolean terminal) {
        this(err, terminal, "groups");
    }

    /** Counts something else. */
    public Progress(PrintWriter err, boolean terminal, String unit) {
        this.err = err;
        this.terminal = terminal;
        this.unit = unit;
    }

    /** So many are done, of all; cheap enough to be said after each. */
    public void show(long done, long all) {
        long now = System.nanoTime();
        long pause = terminal ? REDRAW_NANOS : EVERY_NANOS;
        if (done == shown || (done < all && shown >= 0 && now - shownAt < pause)) {
            return;
        }
        shown = done;
        shownAt = now;
        double seconds = (now - begin) / 1e9;
        String numbers =
                String.format(Locale.ROOT, "%d/%d %s, %.0f s%s", done, all, unit, seconds, rest(done, all, seconds));
        if (terminal) {
            int filled = (int) (WIDTH * Math.min(done, all) / Math.max(1, all));
            err.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + numbers + "\u001b[K");
        } else {
            err.println(numbers);
        }
        err.flush();
    }

    /** How fast it goes, and how long it will take if it goes on like this. */
    private static String rest(long done, long all, double seconds) {
        if (done <= 0 || seconds <= 0) {
            return "";
        }
        double perSecond = done / seconds;
        String rate = String.format(Locale.ROOT, perSecond < 10 ? ", %.1f/s" : ", %.0f/s", perSecond);
        return done >= all ? rate : rate + String.format(Locale.ROOT, ", %.0f s left", (all - done) / perSecond);
    }

    /** The end of the line. */
    public void end() {
        if (terminal) {
            err.println();
            err.flush();
        }
    }
}
