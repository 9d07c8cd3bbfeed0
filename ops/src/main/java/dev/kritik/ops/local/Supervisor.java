/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Starts processes again that have died, with a pause that doubles from a second to a minute, and says so. A process
 * that lived for a minute begins anew with a short pause. Each {@link #tick} looks at all of them once; used by one
 * thread.
 */
final class Supervisor {

    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toNanos();
    private static final long STABLE = Duration.ofMinutes(1).toNanos();

    private final Consumer<String> say;
    private final LongSupplier nanoClock;
    private final List<Watched> all = new ArrayList<>();

    Supervisor(Consumer<String> say, LongSupplier nanoClock) {
        this.say = say;
        this.nanoClock = nanoClock;
    }

    /**
     * Watches one more process.
     *
     * @param name for messages
     * @param alive whether it runs
     * @param restart starts it again; may throw, and is then tried again after the next pause
     * @param where its log, for messages
     */
    void watch(String name, BooleanSupplier alive, Runnable restart, String where) {
        all.add(new Watched(name, alive, restart, where, nanoClock.getAsLong()));
    }

    void tick() {
        all.forEach(this::look);
    }

    private void look(Watched process) {
        long now = nanoClock.getAsLong();
        if (process.alive.getAsBoolean()) {
            process.down = false;
            return;
        }
        if (!process.down) {
            process.down = true;
            boolean stable = now - process.startedAt >= STABLE;
            process.pause = stable || process.pause == 0 ? FIRST_PAUSE : Math.min(2 * process.pause, LONGEST_PAUSE);
            process.dueAt = now + process.pause;
            say.accept(process.name + " has ended; it starts again in " + process.pause / FIRST_PAUSE + " s. Its log: "
                    + process.where);
        } else if (now >= process.dueAt) {
            process.startedAt = now;
            process.down = false; // so that a further death, also one while starting, is said and paused for anew
            try {
                process.restart.run();
                say.accept(process.name + " has started again");
            } catch (RuntimeException e) {
                say.accept(process.name + " could not be started again: " + e.getMessage());
            }
        }
    }

    private static final class Watched {
        private final String name;
        private final BooleanSupplier alive;
        private final Runnable restart;
        private final String where;
        private long startedAt;
        private long dueAt;
        private long pause;
        private boolean down;

        Watched(String name, BooleanSupplier alive, Runnable restart, String where, long startedAt) {
            this.name = name;
            this.alive = alive;
            this.restart = restart;
            this.where = where;
            this.startedAt = startedAt;
        }
    }
}
