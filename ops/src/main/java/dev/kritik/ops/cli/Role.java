/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a long-running role in the foreground until the process is told to end (Ctrl-C, SIGTERM); then the role is closed
 * within a bounded time.
 */
public final class Role {

    private static final Logger LOG = LoggerFactory.getLogger(Role.class);

    /** How long a role may take to close; what it has not finished by then is done again by whoever comes next. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** Ends the work of a role. */
    @FunctionalInterface
    public interface Closer {
        /** Returns when the role has ended, at the latest about when the time is over. */
        void close(Duration atMost);
    }

    private Role() {}

    /**
     * Starts the role and waits for the end of the process. Never returns once the role has started: the JVM ends while
     * the caller waits, with exit code 130 after Ctrl-C and 143 after SIGTERM.
     *
     * @param name for the log
     * @param start starts the role; may throw, and the role is closed then
     * @param closer closes it; while it starts, too
     */
    public static int run(String name, Runnable start, Closer closer) throws InterruptedException {
        return run(name, start, closer, new CompletableFuture<>());
    }

    /**
     * The same for a role that can end by itself: then this returns {@link ExitCode#FAILURE}, so that whoever watches the
     * process starts it again.
     *
     * @param stopped completes when the role has ended
     */
    public static int run(String name, Runnable start, Closer closer, CompletionStage<Void> stopped)
            throws InterruptedException {
        Logging.role();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        Thread hook = new Thread(
                () -> {
                    told.set(true);
                    LOG.atInfo().addKeyValue("role", name).log("closing");
                    closer.close(GRACE);
                    LOG.atInfo().addKeyValue("role", name).log("closed");
                },
                name + "-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start.run();
            LOG.atInfo().addKeyValue("role", name).log("started; Ctrl-C ends it");
            var unused = stopped.whenComplete((nothing, failure) -> ended.countDown());
            ended.await();
        } catch (RuntimeException e) {
            if (!told.get()) {
                closer.close(GRACE);
                removeHook(hook);
                throw e;
            }
        } catch (InterruptedException e) {
            if (!told.get()) {
                throw e;
            }
        }
        while (told.get()) { // it ended because it was told to: the JVM ends with the signal's exit code
            LockSupport.park();
        }
        LOG.atError().addKeyValue("role", name).log("ended by itself; the log above says why");
        return ExitCode.FAILURE;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook closes what is closed already.
        }
    }
}
