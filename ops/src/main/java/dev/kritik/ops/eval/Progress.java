/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import java.io.PrintWriter;
import java.util.Locale;

/** Says how far a run is: a bar that is drawn over itself on a terminal, else a line now and then. */
public final class Progress {

    private static final int WIDTH = 30;
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private int shown = -1;
    private long shownAt = begin;

    /** Writes to a terminal, or to something else. */
    public Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    void show(int done, int all) {
        long now = System.nanoTime();
        if (done == shown || (!terminal && done < all && now - shownAt < EVERY_NANOS)) {
            return;
        }
        shown = done;
        shownAt = now;
        double seconds = (now - begin) / 1e9;
        String numbers = String.format(Locale.ROOT, "%d/%d groups, %.0f s", done, all, seconds);
        if (terminal) {
            int filled = WIDTH * done / Math.max(1, all);
            err.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + numbers);
        } else {
            err.println(numbers);
        }
        err.flush();
    }

    void end() {
        if (terminal) {
            err.println();
            err.flush();
        }
    }
}
