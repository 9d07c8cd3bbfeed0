/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.ops.audit.LedgerProducer;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.faults.Parcel.Member;
import dev.kritik.ops.faults.Parcel.Misaddressed;
import dev.kritik.ops.faults.Parcel.Posting;
import dev.kritik.ops.faults.Parcel.Raw;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * Publishes the parcels of a workload at a steady rate, one after another and each posting at its time, through a ledger or the
 * gateway. One thread sends; the others may be called from any thread.
 */
final class Feeder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);

    /** Far above the numbers that a run reaches, so that poison has names of its own. */
    private static final long POISON_NUMBERS = 1_000_000_000L;

    private record Due(long atNanos, Runnable work) {}

    private final Workload workload;
    private final double rate;
    private final long mostRollouts;
    private final LedgerProducer ledger;
    private final GatewayCaller gateway;
    private final Connection connection;
    private final String topic;
    private final AvroSerializer<Rollout> misaddressed;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::atNanos));
    private final LinkedBlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
    private final Set<String> expected;
    private final Set<String> begun = new HashSet<>();
    private final AtomicLong rollouts = new AtomicLong();
    private final AtomicLong notSent = new AtomicLong();
    private final Thread thread = new Thread(this::run, "feeder");
    private NewerSchema newer;
    private volatile long next;
    private volatile boolean ending;
    private volatile boolean cancelled;
    private volatile boolean done;

    /**
     * A feeder; {@link #start} begins.
     *
     * @param rate parcels a second
     * @param mostRollouts no parcel begins after so many rollouts
     * @param expected is told of groups that were sent: job/group/attempt
     * @param next number of the first parcel
     */
    Feeder(
            Workload workload,
            double rate,
            long mostRollouts,
            LedgerProducer ledger,
            GatewayCaller gateway,
            Connection connection,
            Set<String> expected,
            long next) {
        this.expected = expected;
        this.next = next;
        this.workload = workload;
        this.rate = rate;
        this.mostRollouts = mostRollouts;
        this.ledger = ledger;
        this.gateway = gateway;
        this.connection = connection;
        this.topic = connection.topics().rollouts();
        this.misaddressed = new AvroSerializer<>(connection.registry(), Rollout.class);
    }

    void start() {
        thread.start();
    }

    /** Number of the next parcel. */
    long next() {
        return next;
    }

    /** Rollouts that were sent or tried, those through the gateway too. */
    long rollouts() {
        return rollouts.get();
    }

    /** Those that could not even be serialized, for lack of a registry: nothing stands anywhere. */
    long notSent() {
        return notSent.get();
    }

    /** Whether as many rollouts as wanted have been sent, with everything that belongs to them. */
    boolean done() {
        return done;
    }

    /** Sends records that nobody can use, as soon as it can. */
    void poison(long draw, int count) {
        Random random = new Random(draw);
        for (int i = 0; i < count; i++) {
            long number = POISON_NUMBERS + random.nextInt(Integer.MAX_VALUE);
            asked.add(() -> begin(workload.poison(random, number)));
        }
    }

    /** From now on every second group is written with a newer version of the schema. */
    void upgradeSchema() {
        asked.add(() -> {
            if (newer == null) {
                newer = new NewerSchema(connection.registry(), topic);
            }
        });
    }

    private void run() {
        long begin = System.nanoTime();
        long first = next;
        while (!cancelled) {
            long now = System.nanoTime();
            for (Runnable work = asked.poll(); work != null; work = asked.poll()) {
                safely(work);
            }
            long nextAt = begin + (long) ((next - first) / rate * 1e9);
            boolean more = !ending && rollouts.get() < mostRollouts;
            if (more && nextAt <= now) {
                Parcel parcel = workload.parcel(next);
                next = parcel.number() + 1;
                safely(() -> begin(parcel));
                continue;
            }
            if (!due.isEmpty() && due.peek().atNanos() <= now) {
                safely(due.poll().work());
                continue;
            }
            if (!more && due.isEmpty()) {
                if (ending) {
                    break;
                }
                done = true;
            }
            long until = Math.min(
                    more ? nextAt : Long.MAX_VALUE,
                    due.isEmpty() ? Long.MAX_VALUE : due.peek().atNanos());
            pause(Math.min(until - now, 20_000_000));
        }
        done = true;
    }

    private void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            cancelled = true;
        }
    }

    private void safely(Runnable work) {
        try {
            work.run();
        } catch (RegistryUnavailableException e) {
            notSent.incrementAndGet();
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("not sent, for the registry gave no answer");
        }
    }

    private void begin(Parcel parcel) {
        long nowMs = System.currentTimeMillis();
        Long deadlineMs = parcel.deadlineAfterMs() == null ? null : Long.valueOf(nowMs + parcel.deadlineAfterMs());
        if (parcel.gateway()) {
            rollouts.addAndGet(parcel.postings().size());
            gateway.send(parcel);
            return;
        }
        long nowNanos = System.nanoTime();
        for (Posting posting : parcel.postings()) {
            due.add(new Due(
                    nowNanos + posting.afterMs() * 1_000_000, () -> post(parcel.number(), posting, deadlineMs)));
        }
    }

    private void post(long number, Posting posting, Long deadlineMs) {
        rollouts.incrementAndGet();
        switch (posting) {
            case Raw raw -> ledger.sendRaw(raw.key(), raw.value(), raw.why());
            case Misaddressed wrong ->
                ledger.sendRaw(
                        wrong.keyBytes(), misaddressed.serialize(topic, wrong.rollout()), "key of another group");
            case Member member -> {
                Rollout rollout = Parcel.due(member.rollout(), deadlineMs);
                expect(rollout);
                if (newer != null && number % 2 == 0) {
                    ledger.send(rollout, newer.serialize(rollout));
                } else {
                    ledger.send(rollout);
                }
            }
        }
    }

    /** Once: what comes late must not make a group wait for a reward that it has. */
    private void expect(Rollout rollout) {
        String group = rollout.getJobId() + "/" + rollout.getGroupId() + "/" + rollout.getGroupAttempt();
        if (Workload.isGroup(rollout) && begun.add(group)) {
            expected.add(group);
        }
    }

    /** Begins no further parcel, sends what was begun, and waits until everything has its answer. */
    void finish() throws InterruptedException {
        ending = true;
        thread.join();
        ledger.flush();
    }

    /** Stops at once. */
    @Override
    public void close() {
        cancelled = true;
        thread.interrupt();
    }
}
