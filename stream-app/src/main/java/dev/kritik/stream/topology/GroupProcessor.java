/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.stream.core.Checked;
import dev.kritik.stream.core.Effect;
import dev.kritik.stream.core.Event;
import dev.kritik.stream.core.GroupId;
import dev.kritik.stream.core.GroupMachine;
import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.Rules;
import dev.kritik.telemetry.TraceLog;

/**
 * The groups of one task: reads rollouts and critiques, asks the core what they mean, and does what it says. Decisions come
 * before the first write, so a record on which they fail can be put aside without a trace; a failure after that fails the
 * task, whose transaction undoes everything.
 */
final class GroupProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    /** How often deadlines are looked at. */
    static final Duration ROUND = Duration.ofMillis(500);

    /** Time for deadlines in each round: records must not wait long. What is left over waits for the next round. */
    private static final long BUDGET_NANOS = Duration.ofMillis(50).toNanos();

    /** After a restart, how long to wait for the first records, and for the last ones at most, before deadlines count. */
    private static final long FIRST_RECORDS_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long BACKLOG_NANOS = Duration.ofSeconds(30).toNanos();

    /** Deadlines that are looked up at once. */
    private static final int BATCH = 64;

    private static final Logger LOGGER = LoggerFactory.getLogger(GroupProcessor.class);

    private final Outbox.Sizes sizes;
    private final Topics topics;
    private final SchemaRegistry registry;
    private final StreamMetrics metrics;
    private final Supplier<CommitPace> paceOfThread;
    private final LongSupplier nanoClock;
    private final GroupMachine machine;
    private final Intake intake;

    private ProcessorContext<byte[], byte[]> context;
    private GroupStore store;
    private Outbox outbox;
    private OpenGroups open;
    private CommitPace pace;
    private Cancellable commitTimer;

    /** Whether groups from before a restart may have answers among the records that are not read yet. */
    private boolean catchingUp;

    private long startedNanos;
    private boolean readSinceRing;

    /** @param paceOfThread gives the pace of the thread that asks: of the one that runs the task */
    GroupProcessor(
            Rules rules,
            Outbox.Sizes sizes,
            Topics topics,
            SchemaRegistry registry,
            StreamMetrics metrics,
            Supplier<CommitPace> paceOfThread,
            LongSupplier nanoClock) {
        this.sizes = sizes;
        this.topics = topics;
        this.registry = registry;
        this.metrics = metrics;
        this.paceOfThread = paceOfThread;
        this.nanoClock = nanoClock;
        this.machine = new GroupMachine(rules);
        this.intake = new Intake(registry, rules);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.store = new GroupStore(context::getStateStore);
        this.outbox = new Outbox(context, topics, registry, sizes);
        close(); // a task that is revived begins anew
        this.open = new OpenGroups();
        // Once, when the task comes: all later changes are counted as they happen.
        store.deadlines().forEach(id -> open.moved(new GroupState.Absent(), store.state(id)));
        metrics.add(open);
        this.catchingUp = open.count() > 0;
        this.startedNanos = nanoClock.getAsLong();
        this.pace = paceOfThread.get();
        this.commitTimer = null;
        // Kafka Streams commits after each callback of a clock, even one that did nothing: so all tasks of a thread are
        // called at the same moments, and share a transaction.
        context.schedule(Instant.EPOCH, ROUND, PunctuationType.WALL_CLOCK_TIME, now -> {
            ring();
            commitIfDue();
        });
    }

    @Override
    public void close() {
        if (open != null) {
            metrics.remove(open);
            open = null;
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        readSinceRing = true;
        pace.read(record.timestamp());
        RecordMetadata from = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record that was read from no topic"));
        var source = new Source(record, from);
        boolean rollout = source.topic().equals(topics.rollouts());
        if (rollout) {
            metrics.rollout();
        } else {
            metrics.critique();
        }
        Intake.Read read = rollout ? intake.rollout(source) : intake.critique(source);
        switch (read.checked()) {
            case Checked.Unusable unusable -> discard(source, unusable.reason(), unusable.detail());
            case Checked.Known known -> happened(known.id(), known.event(), source, read.rollout());
        }
        commitIfDue();
    }

    private void happened(GroupId id, Event event, Source source, Rollout rollout) {
        GroupState before = store.state(id);
        GroupMachine.Step step;
        try {
            long now = context.currentSystemTimeMs();
            step = machine.apply(id, before, store.entries(id, before), event, now, catchingUp ? Long.MIN_VALUE : now);
        } catch (KafkaException e) {
            // The store or the task, not the record.
            throw e;
        } catch (RuntimeException e) {
            TraceLog.with(LOGGER.atError(), traceOf(id, source))
                    .setCause(e)
                    .addKeyValue("group", id)
                    .addKeyValue("topic", source.topic())
                    .addKeyValue("partition", source.partition())
                    .addKeyValue("offset", source.offset())
                    .log("no decision could be made on a record; please report this");
            discard(source, "INTERNAL_ERROR", "no decision could be made on the record: " + e);
            return;
        }
        perform(id, before, step, source, rollout);
    }

    /** Source and rollout are null when it was the clock; then the core neither keeps nor discards a record. */
    private void perform(GroupId id, GroupState before, GroupMachine.Step step, Source source, Rollout rollout) {
        Optional<TraceContext> trace = trace(id, before, step, source);
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.KeepQuery keep ->
                    store.keepQuery(id, new Query(rollout.getMessages(), rollout.getReference()));
                case Effect.KeepText keep -> store.keepMember(id, keep.member(), rollout.getResponse());
                case Effect.KeepMember keep -> store.keepMember(id, keep.member(), null);
                case Effect.KeepSample keep -> {
                    store.keepSample(id, (GroupState.Judging) before, keep.sample());
                    metrics.received(keep.sample());
                }
                case Effect.Ask ask -> {
                    pace.written();
                    metrics.asked(
                            outbox.ask(id, ask, store, trace),
                            (ask.plan().samples() - ask.before()) * ask.plan().panels());
                    if (ask.last()) {
                        store.dropQuery(id);
                    }
                }
                case Effect.Close close -> {
                    pace.written();
                    outbox.close(close.reward(), trace);
                    store.dropEntries(id, before, (GroupState.Closed) step.state());
                    metrics.closed(close.reward());
                }
                case Effect.KeepExperience keep -> store.keepExperience(keep.experience());
                case Effect.Discard discard -> discard(source, discard.reason(), discard.detail());
                case Effect.Count count -> metrics.counted(count.what());
            }
        }
        store.move(id, before, step.state());
        open.moved(before, step.state());
    }

    private void commitIfDue() {
        if (pace.due()) {
            context.commit();
        }
        // A clock that ran all the time would have the brokers write transactions while there is nothing to do.
        if (pace.waiting() && commitTimer == null) {
            commitTimer = context.schedule(CommitPace.GAP, PunctuationType.WALL_CLOCK_TIME, now -> commitIfDue());
        } else if (!pace.waiting() && commitTimer != null) {
            commitTimer.cancel();
            commitTimer = null;
        }
    }

    /**
     * The trace to which the group belongs: that of the first of its rollouts that has one. Kept from then on. Looked up only
     * where it is needed, since most groups have none.
     */
    private Optional<TraceContext> trace(GroupId id, GroupState before, GroupMachine.Step step, Source source) {
        boolean taken = step.effects().stream()
                .anyMatch(effect -> effect instanceof Effect.KeepText || effect instanceof Effect.KeepMember);
        Optional<TraceContext> own = taken && source != null && source.topic().equals(topics.rollouts())
                ? TraceHeaders.of(source.headers())
                : Optional.empty();
        boolean sends = step.effects().stream()
                .anyMatch(effect -> effect instanceof Effect.Ask || effect instanceof Effect.Close);
        if (own.isEmpty() && !sends) {
            return own;
        }
        Optional<TraceContext> kept = before instanceof GroupState.Absent ? Optional.empty() : store.trace(id);
        if (kept.isEmpty() && own.isPresent() && isOpen(step.state())) {
            store.keepTrace(id, own.get());
        }
        return kept.or(() -> own);
    }

    /** For a line in the log. */
    private Optional<TraceContext> traceOf(GroupId id, Source source) {
        return store.trace(id).or(() -> TraceHeaders.of(source.headers()));
    }

    private void discard(Source source, String reason, String detail) {
        outbox.discard(source, reason, detail);
        metrics.deadLetter(reason);
    }

    private void ring() {
        long start = nanoClock.getAsLong();
        if (isCatchingUp(start - startedNanos)) {
            return;
        }
        // Open groups first: somebody waits for them.
        for (DeadlineQueue queue : List.of(store.deadlines(), store.expiries())) {
            List<DeadlineQueue.Due> due = queue.due(context.currentSystemTimeMs(), BATCH);
            while (!due.isEmpty()) {
                for (DeadlineQueue.Due next : due) {
                    if (nanoClock.getAsLong() - start >= BUDGET_NANOS) {
                        return;
                    }
                    ring(queue, next);
                }
                due = queue.due(context.currentSystemTimeMs(), BATCH);
            }
        }
    }

    /**
     * Whether deadlines have to wait: what came in time while no instance ran stands unread on the topics, and must be
     * counted before groups are closed for the want of it.
     */
    private boolean isCatchingUp(long elapsedNanos) {
        catchingUp =
                catchingUp && elapsedNanos < BACKLOG_NANOS && (readSinceRing || elapsedNanos < FIRST_RECORDS_NANOS);
        readSinceRing = false;
        return catchingUp;
    }

    private void ring(DeadlineQueue queue, DeadlineQueue.Due due) {
        GroupId id = due.id();
        try {
            GroupState before = store.state(id);
            if (before.wakeMs() != due.timeMs()) {
                LOGGER.atError().addKeyValue("group", id).log("a deadline stood in the queue that the group has not");
                queue.remove(due.timeMs(), id);
                return;
            }
            long now = Math.max(due.timeMs(), context.currentSystemTimeMs());
            perform(
                    id,
                    before,
                    machine.apply(id, before, store.entries(id, before), new Event.DeadlinePassed(), now),
                    null,
                    null);
        } catch (KafkaException e) {
            // Kafka Streams tells these apart: fenced, corrupted, timed out.
            LOGGER.atWarn().setCause(e).addKeyValue("group", id).log("a deadline could not be kept now");
            throw e;
        } catch (RuntimeException e) {
            // No record stands behind a deadline, so Kafka Streams' own message names none.
            throw new DeadlineFailure("the deadline of group " + id + " failed", e);
        }
    }

    private static boolean isOpen(GroupState state) {
        return state instanceof GroupState.Collecting || state instanceof GroupState.Judging;
    }
}
