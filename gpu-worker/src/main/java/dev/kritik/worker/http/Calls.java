/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Runs blocking work on virtual threads and hands it out as futures. Whoever ends such a future from outside, by cancelling
 * it say, interrupts the thread behind it: so work is written as plain loops, and still can be stopped at any point.
 */
public final class Calls implements AutoCloseable {

    private final Map<Thread, CompletableFuture<?>> running = new ConcurrentHashMap<>();
    private final Supplier<? extends RuntimeException> whenClosed;
    private volatile boolean closed;

    /** Work that still runs at the close ends with this exception. */
    public Calls(Supplier<? extends RuntimeException> whenClosed) {
        this.whenClosed = whenClosed;
    }

    /**
     * Starts work and returns at once. The future fails with what the work throws, unwrapped.
     *
     * @param name names the thread in logs; may hold anything
     */
    public <T> CompletableFuture<T> start(String name, Callable<T> work) {
        if (closed) {
            return CompletableFuture.failedFuture(whenClosed.get());
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name(HeaderText.of(name)).unstarted(() -> run(work, result));
        running.put(thread, result);
        var unused = result.whenComplete((value, error) -> {
            running.remove(thread);
            if (Thread.currentThread() != thread) {
                thread.interrupt();
            }
        });
        thread.start();
        if (closed) { // meanwhile: close() may have looked before this call was there
            result.completeExceptionally(whenClosed.get());
        }
        return result;
    }

    private static <T> void run(Callable<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.call());
        } catch (Throwable e) { // an Error must reach whoever waits, too
            result.completeExceptionally(e);
        }
    }

    /** Ends all work that still runs. */
    @Override
    public void close() {
        closed = true;
        running.values().forEach(result -> result.completeExceptionally(whenClosed.get()));
    }
}
