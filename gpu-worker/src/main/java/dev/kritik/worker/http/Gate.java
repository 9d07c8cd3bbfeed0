/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a bounded number of requests through to one server, first come first served, and adapts to what the server bears:
 * a refusal halves the number and closes the gate for a while. Successes bring it back as in TCP: by one each up to half of
 * what it was before the refusals began, and from there by one for as many successes as are let through at once, so that a
 * short squeeze does not leave a model idle for long. Requests that were under way when the gate had already reacted do not
 * count against it again. A server that is not there only closes the gate: it was not too much for it. Safe for many threads.
 */
final class Gate {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Condition> queue = new ArrayDeque<>();
    private double limit;
    /** Up to here successes raise the limit by one each. */
    private double careful;

    private int inside;
    private int epoch;
    private int failuresInARow;
    private long closedUntil = System.nanoTime();

    Gate(int most) {
        this.most = most;
        this.limit = most;
    }

    /** A place inside; must be left once, by one of its methods. */
    final class Permit {
        private final int entered;
        private boolean left;

        private Permit(int entered) {
            this.entered = entered;
        }

        /** The server did its work. */
        void succeeded() {
            leave(() -> {
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
         * @param wished how long the server wants to be left alone; without it, twice as long from time to time
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
                boolean news = entered == epoch;
                if (news) {
                    epoch++;
                    failuresInARow++;
                    if (tooMuch) {
                        limit = Math.max(1, limit / 2);
                        careful = failuresInARow == 1 ? limit : careful;
                    }
                }
                if (news || wished.isPresent()) {
                    long until =
                            System.nanoTime() + wished.orElseGet(() -> pause()).toNanos();
                    closedUntil = until - closedUntil > 0 ? until : closedUntil;
                }
            });
        }

        private void leave(Runnable effect) {
            lock.lock();
            try {
                if (!left) {
                    left = true;
                    inside--;
                    effect.run();
                    wakeFirst();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for a place.
     *
     * @param patience how long at most
     * @return a place; empty when the patience ended first
     */
    Optional<Permit> enter(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
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
                    boolean mayEnter = turn.equals(queue.peekFirst()) && inside < (int) limit;
                    long closedFor = closedUntil - now;
                    if (mayEnter && closedFor <= 0) {
                        inside++;
                        return Optional.of(new Permit(epoch));
                    }
                    long unused = turn.awaitNanos(mayEnter ? Math.min(end - now, closedFor) : end - now);
                }
            } finally {
                queue.remove(turn);
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
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
        long full = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failuresInARow - 1, 10));
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(full / 2, full + 1));
    }
}
