/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * How work from many threads comes to a model on the one thread of its device: it is put down here, and the model's turn is
 * run, again and again as long as it asks for another. Between two turns other models on the device have theirs.
 *
 * @param <W> what waits
 */
public final class Turns<W> {

    private final ScheduledExecutorService thread;
    private final Runnable turn;
    private final int limit;
    private final ConcurrentLinkedQueue<W> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile Consumer<W> refusal;

    /**
     * Turns of a model.
     *
     * @param limit most that may wait
     * @param turn what the model does in one; must not throw
     */
    public Turns(ScheduledExecutorService thread, int limit, Runnable turn) {
        this.thread = thread;
        this.limit = limit;
        this.turn = turn;
    }

    /** Puts work down; false: too much waits already. What comes after {@link #close} is refused as that says. */
    public boolean offer(W work) {
        if (waiting.incrementAndGet() > limit) {
            waiting.decrementAndGet();
            return false;
        }
        arrivals.add(work);
        if (refusal == null) {
            again();
        } else {
            refuseArrivals();
        }
        return true;
    }

    /** Moves what has arrived; on the device's thread. */
    public void takeInto(Collection<? super W> taken) {
        W arrival = arrivals.poll();
        while (arrival != null) {
            taken.add(arrival);
            arrival = arrivals.poll();
        }
    }

    /** Says that so much waits no longer. */
    public void done(int count) {
        waiting.addAndGet(-count);
    }

    /** Asks for another turn, as soon as the thread is free. */
    public void again() {
        if (awake.compareAndSet(false, true)) {
            try {
                thread.execute(this::run);
            } catch (RejectedExecutionException e) { // the process ends
                awake.set(false);
            }
        }
    }

    /** Asks for another turn after some time. */
    public void againIn(long nanos) {
        var unused = thread.schedule(this::again, nanos, TimeUnit.NANOSECONDS);
    }

    private void run() {
        awake.set(false);
        if (refusal == null) {
            turn.run();
        }
    }

    /**
     * Ends the turns, and runs the last task; waits for it, so not to be called from a turn. Once is enough.
     *
     * @param refuse what to do with work that comes from now on, or that nobody has taken
     */
    public void close(Consumer<W> refuse, Runnable last) {
        if (refusal != null) {
            return;
        }
        refusal = refuse;
        OnThread.call(thread, () -> {
            last.run();
            return null;
        });
        refuseArrivals();
    }

    private void refuseArrivals() {
        W arrival = arrivals.poll();
        while (arrival != null) {
            waiting.decrementAndGet();
            refusal.accept(arrival);
            arrival = arrivals.poll();
        }
    }
}
