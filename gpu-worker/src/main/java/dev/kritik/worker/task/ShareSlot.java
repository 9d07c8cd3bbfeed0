/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.kritik.schema.TraceHeaders;
import dev.kritik.telemetry.TraceLog;

/**
 * One place for one task at a time: polls, has the task handled, renews its lock meanwhile, acknowledges. All of it runs
 * on one thread; only {@link #stop} and {@link #ready} may be called from others.
 *
 * <p>When the consumer fails, the slot drops the task in hand (the broker gives it to another slot once its lock ends),
 * and opens a new consumer after a pause. It ends only when told to.
 */
final class ShareSlot implements Runnable {

    /** Longest time that a slot spends after the grace of its closing: to give up or give back, and to leave the group. */
    static final Duration CLOSING_WORK = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(ShareSlot.class);

    /**
     * Longest time of a poll that waits for work. A fetch is under way all the while; where one poll ends and the next begins it
     * can be answered and followed by another, whose record is locked unseen until the slot has done its task. So polls are
     * long: with 10 ms that happened to 2 % of all that was fetched.
     */
    private static final Duration POLL = Duration.ofMillis(500);

    /**
     * The same soon after a task. Where requests are written in transactions, a marker stands behind each; one record at a time,
     * a fetch brings it alone, nobody is shown it, and the client (4.3.1) fetches once a poll: the rest of this time is lost.
     */
    private static final Duration POLL_AFTER_TASK = Duration.ofMillis(100);

    /** Past its last task a slot waits for work. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How often a slot looks whether it has any connection. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Looks in a row without any connection after which the consumer is closed; {@link BrokerGate} says why. */
    private static final int MAX_CUT_LOOKS = 2;

    /** How soon a slot that waits for its task notices that it is to stop. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final SourceSettings settings;
    private final int deliveryLimit;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final TaskHandler handler;
    private final TaskMetrics metrics;

    private volatile ShareConsumer<byte[], byte[]> consumer;
    private volatile boolean stopping;
    private volatile long stopAt;
    private volatile CompletableFuture<Void> pause = CompletableFuture.completedFuture(null);

    ShareSlot(
            SourceSettings settings,
            int deliveryLimit,
            Supplier<ShareConsumer<byte[], byte[]>> consumers,
            TaskHandler handler,
            TaskMetrics metrics) {
        this.settings = settings;
        this.deliveryLimit = deliveryLimit;
        this.consumers = consumers;
        this.handler = handler;
        this.metrics = metrics;
    }

    /** Takes no further task, and has the grace from now on for the one in hand. */
    void stop(Duration grace) {
        stopAt = System.nanoTime() + grace.toNanos();
        stopping = true;
        pause.complete(null);
    }

    boolean ready() {
        ShareConsumer<byte[], byte[]> current = consumer;
        return current != null && Contact.recent(current.metrics());
    }

    @Override
    public void run() {
        int failures = 0;
        while (!stopping) {
            try {
                consumer = consumers.get();
                consumer.subscribe(List.of(settings.topic()));
                long lastLook = System.nanoTime();
                int cutLooks = 0;
                long soonUntil = lastLook;
                while (!stopping) {
                    boolean soon = soonUntil - System.nanoTime() > 0;
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(soon ? POLL_AFTER_TASK : POLL)) {
                        serve(new ShareLock(consumer, record));
                        soonUntil = System.nanoTime() + SOON.toNanos();
                        failures = 0;
                    }
                    if (System.nanoTime() - lastLook >= LOOK.toNanos()) {
                        lastLook = System.nanoTime();
                        cutLooks = Contact.cut(consumer.metrics()) ? cutLooks + 1 : 0;
                        if (cutLooks >= MAX_CUT_LOOKS) {
                            throw new DisconnectException("no broker can be reached");
                        }
                    }
                }
            } catch (RuntimeException | Error e) { // an Error must not end the slot unseen
                failures++;
                metrics.restarts.increment();
                Duration time = settings.backoff().after(failures);
                LOGGER.atWarn()
                        .addKeyValue("group", settings.group())
                        .addKeyValue("failures", failures)
                        .addKeyValue("pauseMs", time.toMillis())
                        .setCause(e)
                        .log("a slot lost its consumer and opens a new one after the pause");
                handler.sourceFailed(e);
                await(pauseOf(time), null);
            } finally {
                closeConsumer();
            }
        }
    }

    private void serve(ShareLock lock) {
        Task task = lock.task();
        metrics.taken(task.delivery());
        CompletableFuture<Void> work = begin(() -> handler.handle(task));
        try {
            switch (await(work, lock)) {
                case DONE -> accept(lock);
                case LOST -> lost(task, "renewing its lock");
                case FAILED -> failed(lock, failureOf(work));
                case STOPPED -> {
                    work.cancel(true);
                    failed(lock, new CancellationException("the worker was stopped while at work on it"));
                }
            }
        } finally {
            work.cancel(true);
            metrics.inFlight.decrementAndGet();
        }
    }

    private void accept(ShareLock lock) {
        if (lock.end(AcknowledgeType.ACCEPT)) {
            metrics.accepted.increment();
        } else {
            lost(lock.task(), "acknowledging it");
        }
    }

    private void failed(ShareLock lock, Throwable why) {
        Task task = lock.task();
        metrics.failed.increment();
        boolean last = task.delivery() >= deliveryLimit;
        TraceLog.with(LOGGER.atWarn(), TraceHeaders.of(task.headers()))
                .addKeyValue("task", task.id())
                .addKeyValue("delivery", task.delivery())
                .addKeyValue("last", last)
                .addKeyValue("error", why.toString())
                .log("a task was not handled");
        if (last) {
            giveUp(lock, why);
        } else if (await(pauseOf(settings.backoff().after(task.delivery())), lock) == Outcome.LOST) {
            // The pause comes before the release: released at once, the task would be back within a millisecond, and
            // all
            // its deliveries used up while the cause still stands.
            lost(task, "waiting to give it back");
        } else if (lock.end(AcknowledgeType.RELEASE)) {
            metrics.returned.increment();
        } else {
            lost(task, "giving it back");
        }
    }

    /** The broker drops the record after this delivery, whatever we say: so answer it before we let go. */
    private void giveUp(ShareLock lock, Throwable why) {
        Task task = lock.task();
        for (int failures = 1; ; failures++) {
            CompletableFuture<Void> answer = begin(() -> handler.giveUp(task, why));
            Outcome outcome = stopping ? awaitBriefly(answer, lock) : await(answer, lock);
            if (outcome == Outcome.DONE && lock.end(AcknowledgeType.ACCEPT)) {
                metrics.givenUp.increment();
                return;
            }
            answer.cancel(true);
            if (outcome == Outcome.DONE || outcome == Outcome.LOST) {
                lost(task, "giving it up");
                return;
            }
            if (stopping) {
                LOGGER.atError()
                        .addKeyValue("task", task.id())
                        .log("stopped before a task could be answered in its last delivery; the broker drops it (or"
                                + " dead-letters it, where that is configured)");
                lock.end(AcknowledgeType.RELEASE);
                return;
            }
            if (await(pauseOf(settings.backoff().after(failures)), lock) == Outcome.LOST) {
                lost(task, "giving it up");
                return;
            }
        }
    }

    private void lost(Task task, String when) {
        metrics.lost.increment();
        TraceLog.with(LOGGER.atWarn(), TraceHeaders.of(task.headers()))
                .addKeyValue("task", task.id())
                .addKeyValue("delivery", task.delivery())
                .addKeyValue("when", when)
                .log("a task was lost to its group and will be delivered again; results already written count once");
    }

    private enum Outcome {
        DONE,
        FAILED,
        LOST,
        STOPPED
    }

    private Outcome awaitBriefly(CompletableFuture<Void> work, ShareLock lock) {
        stopAt = System.nanoTime() + CLOSING_WORK.toNanos() / 2;
        return await(work, lock);
    }

    /** Waits for the work, renewing the lock (if there is one) all the while. */
    private Outcome await(CompletableFuture<Void> work, ShareLock lock) {
        while (true) {
            long left = GLANCE.toNanos();
            if (stopping) {
                left = Math.min(left, stopAt - System.nanoTime());
            }
            if (lock != null) {
                left = Math.min(left, lock.nanosToRenewal());
            }
            try {
                work.get(Math.max(0, left), TimeUnit.NANOSECONDS);
                return Outcome.DONE;
            } catch (ExecutionException | CancellationException e) {
                return Outcome.FAILED;
            } catch (InterruptedException e) {
                throw new KafkaException("interrupted", e);
            } catch (TimeoutException e) {
                if (stopping && stopAt - System.nanoTime() <= 0) {
                    return Outcome.STOPPED;
                }
                if (lock != null && lock.nanosToRenewal() <= 0) {
                    if (!lock.renew()) {
                        return Outcome.LOST;
                    }
                    metrics.renewals.increment();
                }
            }
        }
    }

    /** Completes after the time, or as soon as the slot is to stop. */
    private CompletableFuture<Void> pauseOf(Duration time) {
        pause = new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
        if (stopping) {
            pause.complete(null);
        }
        return pause;
    }

    private static CompletableFuture<Void> begin(Supplier<CompletableFuture<Void>> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) { // a broken handler must not end the slot
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Throwable failureOf(CompletableFuture<Void> work) {
        return work.isCancelled() ? new CancellationException("the handler cancelled it") : work.exceptionNow();
    }

    private void closeConsumer() {
        ShareConsumer<byte[], byte[]> current = consumer;
        consumer = null;
        if (current != null) {
            try {
                // There is nobody to say goodbye to when no broker can be reached.
                current.close(Contact.cut(current.metrics()) ? Duration.ZERO : CLOSING_WORK.dividedBy(2));
            } catch (RuntimeException e) {
                LOGGER.atDebug().setCause(e).log("a consumer did not close cleanly");
            }
        }
    }
}
