/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a bounded number of requests through to one server, first come first served, and adapts to what the server bears:
 * a refusal halves the number and closes the gate for a while. Successes bring it back as in TCP: by one each up to half of
 * what it was before the refusals began, and from there by one for as many successes as are let through at once, so that a
 * short squeeze does not leave a model idle for long. Requests that were under way when the gate had already reacted do not
 * count against it again. A server that is not there only closes the gate: it was not too much for it.
 *
 * <p>The server is <em>away</em> from a first refusal to the next success, but not while it works on requests that it took:
 * those are written, however slowly. It took what came before the last refusal, and what has been inside for longer than the
 * longest pause. Only when nobody was there several times in a row is all of that lost as well. Safe for many threads.
 */
final class Gate {

    /** One that is missing among several behind a load balancer is not found so often in a row by chance alone. */
    private static final int ABSENCES = 3;

    private final int most;
    private final Duration firstPause;
    private final Duration longestPause;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Condition> queue = new ArrayDeque<>();
    private double limit;
    /** Up to here successes raise the limit by one each. */
    private double careful;

    /** Those inside, as they came; no two are equal. */
    private final SequencedSet<Permit> inside = new LinkedHashSet<>();

    private boolean away;
    private long awaySince;
    /** How often in a row, each time after a pause and with no other word between, nobody was there. */
    private int absences;

    private int epoch;
    private int failuresInARow;
    private long closedUntil = System.nanoTime();

    Gate(int most) {
        this(most, Duration.ofMillis(250), Duration.ofSeconds(5));
    }

    /**
     * With pauses of its own.
     *
     * @param firstPause after a first refusal; each further one in a row doubles it
     * @param longestPause and never beyond this
     */
    Gate(int most, Duration firstPause, Duration longestPause) {
        this.most = most;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.limit = most;
    }

    /** A place inside; must be left once, by one of its methods. */
    final class Permit {
        private final int entered = epoch;
        private final long since;
        private boolean left;

        private Permit(long since) {
            this.since = since;
        }

        /** Whether the server has taken it: before it refused others, or because a refusal would have come by now. */
        private boolean isTaken(long now) {
            return entered != epoch || now - since > longestPause.toNanos();
        }

        /** The server did its work. */
        void succeeded() {
            leave(() -> {
                away = false;
                absences = 0;
                limit = Math.min(most, limit + (limit < careful ? 1 : 1 / limit));
                if (entered == epoch) {
                    failuresInARow = 0;
                }
            });
        }

        /** The request ended in a way that says nothing about the server's load. No effect when left already. */
        void ended() {
            leave(() -> {});
        }

        /**
         * The server has too much to do.
         *
         * @param wished how long the server wants to be left alone. It is left alone for longer when it has refused
         *     before: a wish of 0, or a date that has passed on a clock that is ahead, must not make a loop without pause.
         *     Without a wish: twice as long from time to time
         */
        void refused(Optional<Duration> wished) {
            turnedAway(wished, true);
        }

        /** The server is not there. */
        void unreachable() {
            turnedAway(Optional.empty(), false);
        }

        private void turnedAway(Optional<Duration> wished, boolean tooMuch) {
            leave(() -> {
                awaySince = away ? awaySince : System.nanoTime();
                away = true;
                boolean news = entered == epoch;
                if (tooMuch) {
                    absences = 0;
                }
                if (news) {
                    epoch++;
                    failuresInARow++;
                    absences += tooMuch ? 0 : 1;
                    if (tooMuch) {
                        limit = Math.max(1, limit / 2);
                        careful = failuresInARow == 1 ? limit : careful;
                    }
                }
                if (news || wished.isPresent()) {
                    long until = System.nanoTime() + closedFor(wished, news).toNanos();
                    closedUntil = until - closedUntil > 0 ? until : closedUntil;
                }
            });
        }

        private Duration closedFor(Optional<Duration> wished, boolean news) {
            if (wished.isPresent() && (!news || failuresInARow == 1)) {
                return wished.get();
            }
            Duration own = pause();
            return wished.filter(wish -> wish.compareTo(own) > 0).orElse(own);
        }

        private void leave(Runnable effect) {
            lock.lock();
            try {
                if (!left) {
                    left = true;
                    inside.remove(this);
                    effect.run();
                    wakeFirst();
                    if (away) { // the others look at their patience
                        queue.forEach(Condition::signal);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for a place.
     *
     * @param atMost how long at most
     * @param patience how long at most while the server is away; somebody who finds the gate open enters all the same
     * @return a place; empty when one of the two ended first
     */
    Optional<Permit> enter(Duration atMost, Patience patience) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        lock.lockInterruptibly();
        try {
            Condition turn = lock.newCondition();
            queue.addLast(turn);
            try {
                while (true) {
                    long now = System.nanoTime();
                    if (now - end >= 0) {
                        return Optional.empty();
                    }
                    boolean mayEnter = turn.equals(queue.peekFirst()) && inside.size() < (int) limit;
                    long closedFor = closedUntil - now;
                    if (mayEnter && closedFor <= 0) {
                        Permit permit = new Permit(now);
                        inside.add(permit);
                        return Optional.of(permit);
                    }
                    long bearable = isAway(now) ? patience.left(now, awaySince) : Long.MAX_VALUE;
                    if (bearable <= 0) {
                        return Optional.empty();
                    }
                    long rest = Math.min(end - now, bearable);
                    long unused = turn.awaitNanos(mayEnter ? Math.min(rest, closedFor) : rest);
                }
            } finally {
                queue.remove(turn);
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server is away. */
    boolean isAway() {
        lock.lock();
        try {
            return isAway(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server is away, and has been for longer than somebody wants to wait. */
    boolean isAwayTooLong(Patience patience) {
        lock.lock();
        try {
            long now = System.nanoTime();
            return isAway(now) && patience.left(now, awaySince) <= 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAway(long now) {
        // Who came first is the first to be taken.
        return away
                && (absences >= ABSENCES
                        || inside.isEmpty()
                        || !inside.getFirst().isTaken(now));
    }

    /** How many requests it lets through at once now. */
    int limit() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        Condition first = queue.peekFirst();
        if (first != null) {
            first.signal();
        }
    }

    /** Half to all of a time that doubles, so that workers that were refused together do not come back together. */
    private Duration pause() {
        long full = Math.min(longestPause.toNanos(), firstPause.toNanos() << Math.min(failuresInARow - 1, 10));
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(full / 2, full + 1));
    }
}
