/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.kritik.local.LocalStack;
import dev.kritik.local.Options;
import dev.kritik.local.Ports;
import dev.kritik.local.StackException;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.SeededScores;
import dev.kritik.ops.local.Launch;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.ops.local.RoleProcess;
import dev.kritik.ops.vitals.Vitals.Watched;

/**
 * A whole installation to be struck: three brokers, registry, two stream-apps, three workers and a gateway as processes, a judge
 * in this one. One stream-app and one worker stand in zone {@code a}; the others but the last worker in zone {@code b}. What is
 * struck at once by several threads never is the same part.
 */
final class Harness implements AutoCloseable {

    static final int BROKERS = 3;
    static final List<String> ZONES = List.of("a", "b");

    /** The broker whose data can lie on a small disk. */
    static final int DISK_BROKER = 2;

    private static final int DISK_MB = 4096;
    private static final Duration BACK = Duration.ofMinutes(4);

    private final Settings settings;
    private final Timeline timeline;
    private final RecordedJudge judge;
    private final Path data;
    private final List<SmallDisk> disks = new ArrayList<>();
    private final Set<Object> held = ConcurrentHashMap.newKeySet();
    private final Map<String, String> keys = new TreeMap<>();
    private Optional<SmallDisk> brokerDisk = Optional.empty();
    private Optional<SmallDisk> streamDisk = Optional.empty();
    private Optional<FakeClock> streamClock = Optional.empty();
    private Optional<FakeClock> workerClock = Optional.empty();
    private LocalCluster cluster;
    private Metadata metadata;
    private final List<RoleProcess> streams = new ArrayList<>();
    private final List<RoleProcess> workers = new ArrayList<>();
    private RoleProcess gateway;
    private URI gatewayUrl;
    private int endedByThemselves;

    private Harness(Settings settings, Timeline timeline) {
        this.settings = settings;
        this.timeline = timeline;
        this.data = settings.folder().resolve("installation");
        try {
            judge = RecordedJudge.start(JudgeOptions.of(new SeededScores())
                    .latency(settings.latency())
                    .bounds(64, Integer.MAX_VALUE));
        } catch (IOException e) {
            throw new UncheckedIOException("the recorded judge can't start", e);
        }
    }

    /**
     * Starts all of it.
     *
     * @param say is told what is being started
     * @throws StackException if something does not start; nothing is left running
     */
    static Harness start(Settings settings, Timeline timeline, Consumer<String> say) {
        Harness harness = new Harness(settings, timeline);
        try {
            harness.startStack(say);
            harness.startRoles(say);
            return harness;
        } catch (RuntimeException e) {
            harness.close();
            throw e;
        }
    }

    private void startStack(Consumer<String> say) {
        say.accept("starting " + (settings.brokers() == 1 ? "one broker" : "three brokers")
                + " and the registry; everything in " + settings.folder());
        Options options = Options.in(data).withBrokers(settings.brokers()).withZones(ZONES);
        if (settings.kinds().contains(FaultKind.BROKER_DISK)) {
            brokerDisk = disk("broker-disk");
            if (brokerDisk.isPresent()) {
                options = options.withBrokerFolder(
                        DISK_BROKER, brokerDisk.get().folder().resolve("kafka"));
            }
        }
        keys.putAll(settings.config());
        keys.put("judge.openai.url", judge.url().toString());
        cluster = LocalCluster.start(options, keys);
        metadata = new Metadata(cluster.config());
    }

    private void startRoles(Consumer<String> say) {
        if (settings.kinds().contains(FaultKind.STREAM_DISK)) {
            streamDisk = disk("stream-disk");
        }
        if (settings.kinds().contains(FaultKind.STREAM_CLOCK)) {
            streamClock = FakeClock.in(settings.folder().resolve("clocks").resolve("stream"));
        }
        if (settings.kinds().contains(FaultKind.WORKER_CLOCK)) {
            workerClock = FakeClock.in(settings.folder().resolve("clocks").resolve("worker"));
        }
        say.accept("starting two stream-apps, three workers and the gateway");
        Map<String, String> first = new TreeMap<>(zone("a"));
        streamDisk.ifPresent(disk ->
                first.put("stream.state.dir", disk.folder().resolve("state").toString()));
        streams.add(cluster.startStream(build(Launch.with(first))));
        streams.add(cluster.startStream(build(clocked(Launch.with(zone("b")), streamClock))));
        workers.add(cluster.startWorker(build(Launch.with(zone("a")))));
        workers.add(cluster.startWorker(build(Launch.with(zone("b")))));
        workers.add(cluster.startWorker(build(clocked(Launch.with(Map.of()), workerClock))));
        gatewayUrl = URI.create("http://127.0.0.1:" + Ports.free("gateway"));
        gateway = cluster.startGateway(build(Launch.with(gatewayKeys())));
    }

    private Map<String, String> gatewayKeys() {
        Map<String, String> all = new TreeMap<>(zone("b"));
        all.put("gateway.http.address", gatewayUrl.getAuthority());
        return all;
    }

    private Launch build(Launch launch) {
        boolean old = settings.kinds().contains(FaultKind.UPGRADE);
        return settings.previous()
                .filter(build -> old)
                .map(build -> build.launch(launch, cluster.config()))
                .orElse(launch);
    }

    /** How a role of the previous build is started as one of this build. */
    void upgrade(RoleProcess role) {
        Map<String, String> own = new TreeMap<>();
        if (role == gateway) {
            own.putAll(gatewayKeys());
        } else if (role != workers.getLast()) {
            own.putAll(zone(role == streams.get(0) || role == workers.get(0) ? "a" : "b"));
        }
        role.restartAs(Launch.with(own));
    }

    private Map<String, String> zone(String name) {
        return Map.of("kafka.bootstrap.servers", cluster.stack().bootstrapServers(name));
    }

    private static Launch clocked(Launch launch, Optional<FakeClock> clock) {
        return clock.map(one -> launch.withEnvironment(one.environment())).orElse(launch);
    }

    private Optional<SmallDisk> disk(String name) {
        Optional<SmallDisk> disk = SmallDisk.mount(settings.folder().resolve(name), DISK_MB);
        disk.ifPresent(disks::add);
        return disk;
    }

    Settings settings() {
        return settings;
    }

    RecordedJudge judge() {
        return judge;
    }

    LocalStack stack() {
        return cluster.stack();
    }

    Map<String, String> config() {
        return cluster.config();
    }

    Metadata metadata() {
        return metadata;
    }

    List<RoleProcess> streams() {
        return streams;
    }

    List<RoleProcess> workers() {
        return workers;
    }

    RoleProcess gateway() {
        return gateway;
    }

    URI gatewayUrl() {
        return gatewayUrl;
    }

    Optional<SmallDisk> brokerDisk() {
        return brokerDisk;
    }

    Optional<SmallDisk> streamDisk() {
        return streamDisk;
    }

    Optional<FakeClock> streamClock() {
        return streamClock;
    }

    Optional<FakeClock> workerClock() {
        return workerClock;
    }

    static String brokerName(int broker) {
        return "broker-" + (broker + 1);
    }

    /** From now on nobody starts this but the fault that took it. */
    void hold(Object what) {
        held.add(what);
    }

    void release(Object what) {
        held.remove(what);
    }

    /** Starts a role again, as often as it takes; does nothing while it runs. */
    void bring(RoleProcess role) {
        long deadline = System.nanoTime() + BACK.toNanos();
        while (true) {
            try {
                role.start();
                role.awaitStarted();
                return;
            } catch (StackException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                timeline.add(Timeline.Event.NOTE, role.name() + " did not start, and is started again");
            }
        }
    }

    /**
     * Starts what ended by itself, as a cluster would. Called again and again by one thread.
     *
     * @throws StackException if something can't be started
     */
    void look() {
        for (RoleProcess role : Stream.of(streams, workers, List.of(gateway))
                .flatMap(List::stream)
                .toList()) {
            if (!held.contains(role) && !role.isAlive()) {
                endedByThemselves++;
                timeline.add(
                        Timeline.Event.NOTE,
                        role.name() + " ended by itself with code "
                                + role.exitCode().orElse(-1) + ", and is started again");
                role.start();
            }
        }
        for (int broker = 0; broker < settings.brokers(); broker++) {
            if (!held.contains(brokerName(broker)) && !stack().isBrokerAlive(broker)) {
                endedByThemselves++;
                timeline.add(Timeline.Event.NOTE, brokerName(broker) + " ended by itself, and is started again");
                stack().startBroker(broker);
            }
        }
    }

    /** All processes, with the state of the stream-apps. */
    List<Watched> watched() {
        List<Watched> all = new ArrayList<>();
        for (RoleProcess role : Stream.of(streams, workers, List.of(gateway))
                .flatMap(List::stream)
                .toList()) {
            boolean small = role == streams.getFirst() && streamDisk.isPresent();
            Optional<Path> state = streams.contains(role)
                    ? Optional.of(
                            small
                                    ? streamDisk.get().folder().resolve("state")
                                    : data.resolve("roles").resolve(role.name() + "-state"))
                    : Optional.empty();
            all.add(new Watched(role.name(), role::pid, state));
        }
        for (int broker = 0; broker < settings.brokers(); broker++) {
            int number = broker;
            all.add(new Watched(brokerName(broker), () -> stack().brokerPid(number), Optional.empty()));
        }
        all.add(new Watched("registry", () -> stack().registryPid(), Optional.empty()));
        return all;
    }

    /** How many processes ended though nobody had ended them. */
    int endedByThemselves() {
        return endedByThemselves;
    }

    /** Kills everything. What was written stays, but for what lay on small disks. */
    @Override
    public void close() {
        streams.forEach(Harness::kill);
        workers.forEach(Harness::kill);
        Optional.ofNullable(gateway).ifPresent(Harness::kill);
        Optional.ofNullable(metadata).ifPresent(Metadata::close);
        judge.close();
        if (cluster != null) {
            cluster.stack().killRegistry();
            for (int broker = 0; broker < settings.brokers(); broker++) {
                cluster.stack().killBroker(broker);
            }
            cluster.close();
        }
        disks.forEach(SmallDisk::close);
    }

    private static void kill(RoleProcess role) {
        if (role.isAlive()) {
            role.kill();
        }
    }
}
