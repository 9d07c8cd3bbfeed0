/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Runs another main class and ends the process when standard input ends. A child whose standard input is a pipe from
 * its parent so dies with it, also where the parent was killed and had no chance to stop it.
 *
 * <p>Arguments: the name of the main class, then its own arguments. An orderly exit is asked for first (shutdown hooks
 * run); after {@link #GRACE} the process is halted.
 */
public final class Tether {

    /** How long shutdown hooks may take once the parent is gone. */
    static final Duration GRACE = Duration.ofSeconds(15);

    private static final int CUT_OFF = 143; // the exit code of a process ended by SIGTERM: stopped from outside

    private Tether() {}

    /**
     * Runs the wrapped main on this thread.
     *
     * @throws Exception whatever it throws
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            throw new IllegalArgumentException("Tether needs the name of a main class as its first argument");
        }
        daemon("tether", Tether::exitWhenInputEnds);
        var main = Class.forName(args[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void exitWhenInputEnds() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent: only the end matters.
            }
        } catch (IOException e) {
            // A broken pipe means the same as its end.
        }
        daemon("tether-halt", Tether::haltAfterGrace);
        System.exit(CUT_OFF);
    }

    private static void haltAfterGrace() {
        try {
            Thread.sleep(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(CUT_OFF);
    }

    private static void daemon(String name, Runnable work) {
        Thread.ofPlatform().name(name).daemon().start(work);
    }
}
