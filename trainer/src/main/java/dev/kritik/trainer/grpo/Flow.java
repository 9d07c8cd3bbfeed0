/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

/**
 * How far generation may run ahead of training. Groups that are under way, produced but not settled, are bounded by what
 * keeps each of them within the bound on staleness when its turn comes, and by what is still needed until the end. Safe for
 * many threads.
 *
 * <p>With {@code staleness} s and b groups a step, at most (s + 1) b groups are under way (as in AReaL, arXiv 2505.24298): a
 * group has fewer than (s + 1) b before it, so that at most s steps are taken before the one that learns from it. That holds
 * as long as groups end in the order in which they were written; one that those behind it overtake may come too late, and is
 * dropped. With s = 0 the groups of a step are written by the very policy that learns from them, and generation waits for
 * training.
 */
final class Flow {

    private final long perStep;
    private final long ahead;
    private final long steps;
    private long produced;
    private long published;
    private long settled;
    private long done;
    private boolean closed;

    /**
     * A flow.
     *
     * @param perStep groups that a step learns from
     * @param staleness versions that a group may be away
     * @param steps of the run
     */
    Flow(int perStep, int staleness, int steps) {
        this.perStep = perStep;
        this.ahead = Math.multiplyExact((long) perStep, staleness + 1L);
        this.steps = steps;
    }

    /** Goes on from a checkpoint. */
    synchronized void goOn(long publishedBefore, long settledBefore, int stepsDone) {
        produced = publishedBefore;
        published = publishedBefore;
        settled = settledBefore;
        done = stepsDone;
        notifyAll();
    }

    /**
     * Waits until groups may be produced, and counts them as under way.
     *
     * @param most groups that are wanted
     * @return how many may be produced; 0: none any more
     */
    synchronized int take(int most) throws InterruptedException {
        while (!closed && room() < 1) {
            wait();
        }
        if (closed) {
            return 0;
        }
        int count = (int) Math.min(most, room());
        produced += count;
        return count;
    }

    private long room() {
        return Math.min(ahead, (steps - done) * perStep) - (produced - settled);
    }

    /** A group is out of the way, and another may be produced in its place. */
    synchronized void dropped() {
        settled++;
        notifyAll();
    }

    /** A step was done. */
    synchronized void stepped(int groups) {
        settled += groups;
        done++;
        notifyAll();
    }

    /** Groups that were taken are where they can be read. */
    synchronized void published(int count) {
        published += count;
    }

    /** Groups that were published; those that are being written don't count yet. */
    synchronized long published() {
        return published;
    }

    /** Groups that are produced and not settled, those that wait to be learnt from included. */
    synchronized long underWay() {
        return produced - settled;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
