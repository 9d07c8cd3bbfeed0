/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.kritik.monitor.lag.BrokerLag;
import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.ops.audit.LedgerProducer;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.faults.FaultKind.Part;
import dev.kritik.ops.faults.Recovery.Took;
import dev.kritik.ops.faults.Schedule.Planned;
import dev.kritik.ops.faults.Timeline.Entry;
import dev.kritik.ops.faults.Timeline.Event;
import dev.kritik.ops.vitals.Vitals;
import dev.kritik.ops.vitals.VitalsReport;
import dev.kritik.schema.config.KafkaSettings;

/**
 * One installation under load, struck by one schedule after another; after each it is let come to rest and judged. For one
 * thread.
 */
final class Session implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private static final String JOB = "faults";
    private static final String GATEWAY_JOB = JOB + "-http";

    /** After the longest life of a group nothing more can come; with this on top. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    private static final Duration STILL = Duration.ofSeconds(3);
    private static final Duration IN_SYNC = Duration.ofMinutes(3);
    private static final long LOOK_MS = 1_000;
    private static final Duration VITALS = Duration.ofSeconds(10);

    /** In a soak, whose processes must not grow. */
    private static final Duration GARBAGE = Duration.ofMinutes(2);

    private static final Duration PROGRESS = Duration.ofMinutes(1);

    private final Settings settings;
    private final long beginMs;
    private final Consumer<String> say;
    private final Timeline timeline;
    private final Harness harness;
    private final Connection connection;
    private final Path ledgerFile;
    private final LedgerProducer ledger;
    private final Optional<Vitals> vitals;
    private final GatewayCaller gateway;
    private final Follower follower;
    private final Workload workload;
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread watch = new Thread(this::watch, "watch");
    private volatile boolean closed;
    private long nextParcel;
    private long rollouts;
    private long notSent;

    /**
     * Starts an installation.
     *
     * @param say is told what happens, in lines for people, on several threads
     */
    Session(Settings settings, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
        beginMs = System.currentTimeMillis();
        timeline = new Timeline(settings.folder().resolve("timeline.jsonl"), entry -> {
            if (entry.event() != Event.STRUCK) {
                say.accept(at(entry.ms(), text(entry)));
            }
        });
        List<AutoCloseable> opened = new ArrayList<>(List.of(timeline));
        try {
            harness = Harness.start(settings, timeline, say);
            opened.add(harness);
            connection = new Connection(harness.config());
            opened.add(connection);
            ledgerFile = settings.folder().resolve("ledger.jsonl");
            ledger = LedgerProducer.open(harness.config(), ledgerFile);
            opened.add(ledger);
            vitals = Vitals.possible()
                    ? Optional.of(Vitals.start(
                            harness.watched(), VITALS, settings.folder().resolve("vitals.jsonl")))
                    : Optional.empty();
            if (settings.soak()) {
                vitals.ifPresent(own -> own.collectGarbage(GARBAGE));
            }
        } catch (IOException e) {
            closeAll(opened.reversed());
            throw new UncheckedIOException("--out can't be written", e);
        } catch (RuntimeException e) {
            closeAll(opened.reversed());
            throw e;
        }
        gateway = new GatewayCaller(harness.gatewayUrl());
        follower = new Follower(connection, expected);
        workload = new Workload(settings.seed(), JOB, settings.mix(), Settings.LONGEST_RESPONSE);
        watch.setDaemon(true);
        watch.start();
    }

    private static String text(Entry entry) {
        return entry.number() < 0
                ? entry.detail()
                : entry.fault() + " " + entry.event().name().toLowerCase(Locale.ROOT) + ": " + entry.target()
                        + (entry.detail().isEmpty() ? "" : " (" + entry.detail() + ")");
    }

    private String at(long ms, String text) {
        return String.format(Locale.ROOT, "%7.1f s  %s", (ms - beginMs) / 1000.0, text);
    }

    private String progress() {
        return ledger.acknowledged() + " rollouts acknowledged, " + follower.rewards() + " rewards, " + expected.size()
                + " groups open";
    }

    /** Feeds and strikes, heals, waits until all is quiet, and judges everything since the session's begin. */
    FaultReport run(Schedule schedule, Duration length, long mostRollouts) throws InterruptedException, IOException {
        timeline.add(Event.BEGIN, "groups come at " + settings.rate() + "/s");
        Feeder feeder =
                new Feeder(workload, settings.rate(), mostRollouts, ledger, gateway, connection, expected, nextParcel);
        long begin = System.nanoTime();
        try (feeder) {
            feeder.start();
            strike(schedule, new Arsenal(harness, feeder), begin);
            while (!feeder.done() && System.nanoTime() - begin < length.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            feeder.finish();
            nextParcel = feeder.next();
            rollouts += feeder.rollouts();
            notSent += feeder.notSent();
        }
        harness.metadata().awaitInSync(IN_SYNC);
        timeline.add(Event.QUIET, "nothing strikes any more; waiting for what is open: " + expected.size() + " groups");
        long healedMs = System.currentTimeMillis();
        awaitQuiet();
        boolean answered = gateway.awaitAnswers(settings.longestLife().plus(MARGIN));
        timeline.add(
                Event.END,
                follower.rewards() + " rewards; " + gateway.answered() + " of " + gateway.sent()
                        + " callers of the gateway have an answer; auditing");
        return judge(healedMs, answered);
    }

    private FaultReport judge(long healedMs, boolean answered) throws IOException, InterruptedException {
        Observer observer = new Observer(connection);
        List<Took> took = Recovery.of(timeline.entries(), observer.read(ledgerFile, follower.arrivals()));
        List<String> gatewayDifferences = new ArrayList<>(gateway.differences(
                observer.answers(GATEWAY_JOB), settings.gatewayRemembers().dividedBy(2)));
        if (!answered) {
            gatewayDifferences.add((gateway.sent() - gateway.answered()) + " callers never had an answer");
        }
        List<VitalsReport.Line> vitals = vitals();
        Verdict verdict = Verdict.of(
                harness.config(), ledgerFile, healedMs, settings.recoverWithin().toMillis(), Set.of(GATEWAY_JOB));
        return new FaultReport(
                settings.seed(),
                nextParcel,
                rollouts,
                ledger.acknowledged(),
                ledger.failed(),
                notSent,
                follower.rewards(),
                timeline.entries(),
                took,
                harness.endedByThemselves(),
                List.copyOf(failures),
                gateway.sent(),
                gatewayDifferences,
                settings.soak(),
                vitals,
                verdict);
    }

    private List<VitalsReport.Line> vitals() {
        List<VitalsReport.Line> lines =
                vitals.map(own -> VitalsReport.of(own.samples())).orElse(List.of());
        if (settings.soak() && lines.isEmpty()) {
            failures.add("whether processes grow is not known: the run is too short, or this system has no /proc");
        }
        return lines;
    }

    private void awaitQuiet() throws InterruptedException {
        Duration longest = settings.longestLife().plus(MARGIN);
        long deadline = System.nanoTime() + longest.multipliedBy(3).toNanos();
        while (System.nanoTime() < deadline) {
            boolean ended = expected.isEmpty() && gateway.answered() == gateway.sent();
            if (follower.silence().compareTo(ended ? STILL : longest) > 0) {
                awaitWorkers(deadline);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        failures.add("after " + longest.multipliedBy(3).toSeconds() + " s rewards still came");
    }

    /** Requests of groups that have ended are answered, too; a replay must not see the answers come. */
    private void awaitWorkers(long deadline) throws InterruptedException {
        long open = Long.MAX_VALUE;
        try (BrokerLag lag = new BrokerLag(KafkaSettings.from(harness.config()))) {
            while (open > 0 && System.nanoTime() < deadline) {
                try {
                    open = lag.read().stream()
                            .filter(one -> one.kind() == PartitionLag.Kind.SHARE)
                            .mapToLong(one -> one.records().orElse(0))
                            .sum();
                } catch (KafkaException e) {
                    LOG.atDebug().setCause(e).log("the brokers don't say what is open");
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        if (open > 0) {
            failures.add("workers still had requests long after all groups had ended");
        }
    }

    private record Active(Planned planned, Thread thread) {}

    /** In the order of the schedule, each when its time has come and nothing is struck that does not go with it. */
    private void strike(Schedule schedule, Arsenal arsenal, long begin) throws InterruptedException {
        List<Active> active = new ArrayList<>();
        try {
            for (Planned planned : schedule.faults()) {
                long wait = begin + planned.atMs() * 1_000_000 - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                for (Iterator<Active> each = active.iterator(); each.hasNext(); ) {
                    Active one = each.next();
                    if (!one.planned().kind().goesWith(planned.kind())) {
                        one.thread().join();
                    }
                    if (!one.thread().isAlive()) {
                        each.remove();
                    }
                }
                Thread thread = new Thread(
                        () -> strike(planned, arsenal), planned.kind().word());
                thread.start();
                active.add(new Active(planned, thread));
            }
            for (Active one : active) {
                one.thread().join();
            }
        } catch (InterruptedException e) {
            active.forEach(one -> one.thread().interrupt());
            throw e;
        }
    }

    private void strike(Planned planned, Arsenal arsenal) {
        Fault fault;
        try {
            if (planned.kind().takes(Part.BROKERS)) {
                harness.metadata().awaitInSync(IN_SYNC); // more than one copy behind is more than is promised
            }
            fault = arsenal.ready(planned);
        } catch (Fault.NotPossible | IllegalStateException e) {
            add(planned, Event.SKIPPED, "", List.of(), e.getMessage());
            return;
        } catch (InterruptedException e) {
            return;
        }
        add(
                planned,
                Event.STRIKE,
                fault.target(),
                fault.partitions(),
                planned.kind().about());
        boolean struck = attempt(planned, fault, "strike", fault::strike);
        if (struck) {
            add(planned, Event.STRUCK, fault.target(), fault.partitions(), "");
            try {
                TimeUnit.MILLISECONDS.sleep(planned.durationMs());
            } catch (InterruptedException e) {
                return; // all of it is being closed
            }
        }
        if (attempt(planned, fault, "heal", fault::heal) && struck) {
            add(planned, Event.HEALED, fault.target(), fault.partitions(), "");
        }
    }

    private boolean attempt(Planned planned, Fault fault, String verb, Fault.Step step) {
        try {
            step.run();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            String text = "could not " + verb + " " + fault.target() + ": " + e;
            failures.add(planned.kind().word() + " " + text);
            add(planned, Event.NOTE, fault.target(), List.of(), text);
            return false;
        }
    }

    private void add(Planned planned, Event event, String target, List<Integer> partitions, String detail) {
        timeline.add(new Entry(
                System.currentTimeMillis(),
                event,
                planned.number(),
                planned.kind().word(),
                target,
                partitions,
                detail));
    }

    private void watch() {
        long lastProgress = System.nanoTime();
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                harness.look();
                if (System.nanoTime() - lastProgress >= PROGRESS.toNanos()) {
                    lastProgress = System.nanoTime();
                    say.accept(at(System.currentTimeMillis(), progress()));
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    failures.add("what ended by itself could not be started: " + e);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        boolean interrupted = Thread.interrupted(); // or no client could be closed in order
        say.accept("stopping all processes");
        List<AutoCloseable> opened = new ArrayList<>(List.of(follower, gateway, ledger, connection));
        vitals.ifPresent(opened::add);
        opened.addAll(List.of(harness, timeline));
        closeAll(opened);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeAll(List<AutoCloseable> all) {
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("something could not be closed");
            }
        }
    }
}
