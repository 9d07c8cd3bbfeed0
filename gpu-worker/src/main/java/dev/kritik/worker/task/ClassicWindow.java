/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.kritik.schema.TraceHeaders;
import dev.kritik.telemetry.TraceLog;

/**
 * The tasks in hand of one classic consumer, and how they move: taken, started, ended, tried again, given up; and what
 * may be committed. All of it runs on the consumer's thread, except {@link #wakeup}, {@link #ready} and the ends of
 * tasks, which arrive through a queue.
 */
final class ClassicWindow implements ConsumerRebalanceListener {

    /** Most offsets of a partition that may stand behind one unfinished task: what a crash makes run again. */
    static final long MAX_SPAN = 10_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicWindow.class);

    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    /** A task with its tries. */
    private static final class Job {
        final Task task;
        final TopicPartition partition;
        CompletableFuture<Void> work;
        Throwable failure;
        int failures;
        boolean gone;
        long notBefore;

        Job(Task task) {
            this.task = task;
            this.partition = new TopicPartition(task.topic(), task.partition());
        }
    }

    private record End(Job job, Throwable failure) {}

    private final SourceSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final TaskHandler handler;
    private final TaskMetrics metrics;

    private final Map<TopicPartition, FinishedPrefix> prefixes = new HashMap<>();
    private final Deque<Job> waiting = new ArrayDeque<>();
    private final PriorityQueue<Job> resting = new PriorityQueue<>(Comparator.comparingLong(job -> job.notBefore));
    private final Set<Job> running = new HashSet<>();
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private volatile boolean polling;
    private volatile boolean assigned;

    ClassicWindow(
            SourceSettings settings, Consumer<byte[], byte[]> consumer, TaskHandler handler, TaskMetrics metrics) {
        this.settings = settings;
        this.consumer = consumer;
        this.handler = handler;
        this.metrics = metrics;
    }

    /** One turn of the consumer's loop: takes what came, starts what can start, commits what is finished. */
    void turn() {
        settleEnds();
        startWaiting();
        commitFinished();
        pauseOrResume();
        for (ConsumerRecord<byte[], byte[]> record : poll()) {
            take(record);
        }
        prefixes.forEach((partition, prefix) -> prefix.readTo(consumer.position(partition)));
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll() {
        polling = true; // before the look at the ends: one that comes later finds it true and wakes us
        try {
            return consumer.poll(ends.isEmpty() ? timeToNextStart() : Duration.ZERO);
        } catch (WakeupException e) {
            return List.of();
        } finally {
            polling = false;
        }
    }

    private Duration timeToNextStart() {
        if (resting.isEmpty()) {
            return IDLE_POLL;
        }
        long nanos = Math.max(0, resting.element().notBefore - System.nanoTime());
        return nanos < IDLE_POLL.toNanos() ? Duration.ofNanos(nanos) : IDLE_POLL;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Job job = new Job(new Task(
                record.topic(),
                record.partition(),
                record.offset(),
                record.key(),
                record.value(),
                record.headers(),
                0));
        prefixes.computeIfAbsent(job.partition, p -> new FinishedPrefix(record.offset()))
                .taken(record.offset());
        waiting.add(job);
    }

    private void startWaiting() {
        long now = System.nanoTime();
        while (!resting.isEmpty() && resting.element().notBefore - now <= 0) {
            waiting.addFirst(resting.remove());
        }
        while (running.size() < settings.slots() && !waiting.isEmpty()) {
            begin(waiting.remove());
        }
    }

    private void begin(Job job) {
        running.add(job);
        metrics.taken(job.failures + 1);
        try {
            job.work = job.failures < settings.attempts()
                    ? handler.handle(job.task)
                    : handler.giveUp(job.task, job.failure);
        } catch (RuntimeException | Error e) { // a broken handler must not end the consumer
            job.work = CompletableFuture.failedFuture(e);
        }
        var unused = job.work.whenComplete((done, failure) -> {
            ends.add(new End(job, failure));
            wakeup();
        });
    }

    /** Makes a poll in progress return at once. */
    void wakeup() {
        if (polling) {
            consumer.wakeup();
        }
    }

    private void settleEnds() {
        for (End end = ends.poll(); end != null; end = ends.poll()) {
            settle(end);
        }
    }

    private void settle(End end) {
        Job job = end.job();
        running.remove(job);
        metrics.inFlight.decrementAndGet();
        if (job.gone) {
            return;
        }
        if (end.failure() == null) {
            prefixes.get(job.partition).finished(job.task.offset());
            (job.failures < settings.attempts() ? metrics.accepted : metrics.givenUp).increment();
            return;
        }
        job.failures++;
        job.failure = end.failure();
        job.notBefore =
                System.nanoTime() + settings.backoff().after(job.failures).toNanos();
        resting.add(job);
        metrics.failed.increment();
        TraceLog.with(LOGGER.atWarn(), TraceHeaders.of(job.task.headers()))
                .addKeyValue("task", job.task.id())
                .addKeyValue("failures", job.failures)
                .addKeyValue("attempts", settings.attempts())
                .addKeyValue("error", end.failure().toString())
                .log("a task was not handled and is tried again after a pause");
    }

    private void commitFinished() {
        Map<TopicPartition, OffsetAndMetadata> positions = finished(partition -> true);
        if (!positions.isEmpty()) {
            consumer.commitAsync(positions, (offsets, failure) -> {
                if (failure != null) {
                    offsets.keySet().stream()
                            .map(prefixes::get)
                            .filter(Objects::nonNull)
                            .forEach(FinishedPrefix::uncommitted);
                    LOGGER.atWarn().addKeyValue("error", failure.toString()).log("a commit failed; the next covers it");
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> finished(Predicate<TopicPartition> wanted) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        prefixes.forEach((partition, prefix) -> {
            if (wanted.test(partition) && prefix.dirty()) {
                positions.put(partition, new OffsetAndMetadata(prefix.position()));
                prefix.committing();
            }
        });
        return positions;
    }

    private void pauseOrResume() {
        // Tasks that rest hold their requests too: many that fail fast must not pile up.
        boolean full = running.size() + waiting.size() >= settings.slots() || resting.size() >= settings.slots();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        Set<TopicPartition> paused = consumer.paused();
        for (TopicPartition partition : consumer.assignment()) {
            FinishedPrefix prefix = prefixes.get(partition);
            boolean stop = full || (prefix != null && prefix.span() >= MAX_SPAN);
            if (stop != paused.contains(partition)) {
                (stop ? toPause : toResume).add(partition);
            }
        }
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    /** New partitions come unpaused, whatever was before; {@link #take} copes with what the same poll brings of them. */
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assigned = !consumer.assignment().isEmpty();
        pauseOrResume();
    }

    /** Lets the tasks of partitions that move away end, for a bounded time, so that they need not run again elsewhere. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        polling = false;
        Set<TopicPartition> leaving = new HashSet<>(partitions);
        dropUnstarted(leaving);
        awaitRunning(leaving, settings.revokeGrace());
        forget(leaving, true);
    }

    /** Another member may have them already: our results would be duplicates, our commits refused. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        polling = false;
        Set<TopicPartition> leaving = new HashSet<>(partitions);
        dropUnstarted(leaving);
        forget(leaving, false);
    }

    private void dropUnstarted(Set<TopicPartition> leaving) {
        waiting.removeIf(job -> leaving.contains(job.partition));
        resting.removeIf(job -> leaving.contains(job.partition));
    }

    private void awaitRunning(Set<TopicPartition> leaving, Duration bound) {
        long until = System.nanoTime() + bound.toNanos();
        try {
            while (running.stream().anyMatch(job -> leaving.contains(job.partition))) {
                End end = ends.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (end == null) {
                    return;
                }
                settle(end);
                resting.removeIf(job -> leaving.contains(job.partition)); // failed: the next owner tries it
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forget(Set<TopicPartition> leaving, boolean commit) {
        List<Job> cut =
                running.stream().filter(job -> leaving.contains(job.partition)).toList();
        cut.forEach(job -> job.gone = true);
        cut.forEach(job -> job.work.cancel(true));
        if (!cut.isEmpty()) {
            metrics.lost.increment(cut.size());
            LOGGER.atInfo()
                    .addKeyValue("tasks", cut.size())
                    .addKeyValue("partitions", leaving.size())
                    .log("tasks were cancelled because their partitions moved; they run again at the new owner");
        }
        if (commit) {
            commitNow(finished(leaving::contains));
        }
        leaving.forEach(prefixes::remove);
        assigned = !prefixes.isEmpty() || consumer.assignment().stream().anyMatch(p -> !leaving.contains(p));
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> positions) {
        if (positions.isEmpty()) {
            return;
        }
        try {
            try {
                consumer.commitSync(positions, COMMIT_TIMEOUT);
            } catch (WakeupException e) { // meant for a poll that had already ended
                consumer.commitSync(positions, COMMIT_TIMEOUT);
            }
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.toString())
                    .log("finished tasks could not be committed and run again; their results count once");
        }
    }

    /** Ends in good order: lets running tasks end within the grace, cancels the rest, commits what is finished. */
    void drain(Duration grace) {
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        dropUnstarted(all);
        // Polling goes on, paused: without it the group would take the partitions away in the middle of the grace.
        long until = System.nanoTime() + grace.toNanos();
        while (!running.isEmpty() && until - System.nanoTime() > 0) {
            settleEnds();
            dropUnstarted(new HashSet<>(consumer.assignment()));
            commitFinished();
            consumer.pause(consumer.assignment());
            if (!running.isEmpty()) {
                poll().forEach(record -> {}); // of a partition just assigned: not taken, so not committed
            }
        }
        settleEnds();
        forget(new HashSet<>(prefixes.keySet()), true);
    }

    /** Cancels whatever still runs. */
    void abandon() {
        List.copyOf(running).forEach(job -> {
            job.gone = true;
            job.work.cancel(true);
        });
        settleEnds();
    }

    /** Whether the group has given it partitions, and it is alive there. */
    boolean ready() {
        return assigned && !Contact.overdue(consumer.metrics());
    }
}
