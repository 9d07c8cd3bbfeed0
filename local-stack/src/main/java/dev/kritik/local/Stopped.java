/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that is stopped (SIGSTOP) as long as this is held. A small shell keeps it: it lets the process go on when its
 * standard input ends, so that nothing stays stopped for ever should this JVM be killed meanwhile.
 */
final class Stopped implements AutoCloseable {

    private static final String SCRIPT =
            "trap '' INT HUP; kill -STOP \"$0\" || exit 1; echo stopped; read -r line; kill -CONT \"$0\"";
    private static final int LIMIT_S = 10;

    private final Process keeper;

    private Stopped(Process keeper) {
        this.keeper = keeper;
    }

    /**
     * Stops it; returns when it is stopped.
     *
     * @throws StackException if it can't be stopped: it has ended, or this system knows no such signals
     */
    static Stopped of(String name, long pid) {
        if (File.separatorChar != '/') {
            throw new StackException("The " + name + " can't be paused: only POSIX systems stop and resume processes.");
        }
        try {
            Process keeper = new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT, Long.toString(pid)))
                    .redirectErrorStream(true)
                    .start();
            String said = Optional.ofNullable(keeper.inputReader().readLine()).orElse("");
            if (!said.equals("stopped")) {
                throw new StackException("The " + name + ", process " + pid + ", can't be paused: " + said);
            }
            return new Stopped(keeper);
        } catch (IOException e) {
            throw new StackException("The " + name + " can't be paused: " + e.getMessage(), e);
        }
    }

    /** Lets it go on; returns when it was told. */
    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            keeper.waitFor(LIMIT_S, TimeUnit.SECONDS);
        } catch (IOException e) {
            keeper.destroy(); // its input ends with it, or it has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
