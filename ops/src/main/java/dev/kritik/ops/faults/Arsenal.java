/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.kritik.local.TcpProxy;
import dev.kritik.ops.faults.Fault.NotPossible;
import dev.kritik.ops.faults.Schedule.Planned;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.Latency;
import dev.kritik.ops.local.RoleProcess;

/** Makes faults of what a schedule says, for one installation. */
final class Arsenal {

    private static final int POISONS = 40;
    private static final int SLOWER = 10;
    private static final int FARTHEST_JUMP_S = 30;

    private final Harness harness;
    private final Feeder feeder;
    private final BrokerFaults brokers;
    private final RegistryFaults registry;

    Arsenal(Harness harness, Feeder feeder) {
        this.harness = harness;
        this.feeder = feeder;
        this.brokers = new BrokerFaults(harness);
        this.registry = new RegistryFaults(harness);
    }

    /** Why this machine can't do it; empty if it can. */
    static Optional<String> impossible(FaultKind kind) {
        return switch (kind) {
            case WORKER_CLOCK, STREAM_CLOCK ->
                FakeClock.library().isPresent()
                        ? Optional.empty()
                        : Optional.of("libfaketime is not installed (Debian: apt-get install faketime)");
            case BROKER_DISK, STREAM_DISK ->
                SmallDisk.possible()
                        ? Optional.empty()
                        : Optional.of("tmpfs can't be mounted: that takes root, on Linux");
            case UPGRADE -> Optional.of("give an older build with --previous");
            default -> Optional.empty();
        };
    }

    /**
     * The fault.
     *
     * @throws NotPossible if it can't be done here
     */
    Fault ready(Planned planned) throws NotPossible, InterruptedException {
        int target = planned.target();
        return switch (planned.kind()) {
            case WORKER_KILL -> kill(harness.workers().get(target), List.of());
            case WORKER_PAUSE -> pause(harness.workers().get(target));
            case WORKER_ROLL -> roll("workers", harness.workers());
            case WORKER_CLOCK -> clock("worker-3", harness.workerClock(), planned.draw());
            case STREAM_KILL -> {
                RoleProcess stream = harness.streams().get(target);
                yield kill(stream, harness.metadata().ownedBy(stream.name()));
            }
            case STREAM_PAUSE -> pause(harness.streams().get(target));
            case STREAM_ROLL -> roll("stream-apps", harness.streams());
            case STREAM_CLOCK -> clock("stream-2", harness.streamClock(), planned.draw());
            case STREAM_DISK -> streamDisk();
            case GATEWAY_KILL -> kill(harness.gateway(), List.of());
            case BROKER_KILL -> brokers.kill(harness.metadata().busiestLeader());
            case CONTROLLER_KILL -> brokers.kill(harness.metadata().controller());
            case BROKER_PAUSE -> brokers.pause(target);
            case BROKER_ROLL -> brokers.roll();
            case BROKER_CUT_OFF -> brokers.cutOff(target, planned.draw() < 0);
            case BROKER_DISK -> brokers.disk();
            case LEADER_CHANGE -> brokers.moveLeaders();
            case LINK_CUT -> links(target / Harness.BROKERS, List.of(target % Harness.BROKERS), false);
            case LINK_HANG -> links(target / Harness.BROKERS, List.of(target % Harness.BROKERS), true);
            case ZONE_CUT -> links(target, List.of(0, 1, 2), false);
            case ZONE_HANG -> links(target, List.of(0, 1, 2), true);
            case REGISTRY_KILL -> registry.kill();
            case REGISTRY_ABSENT -> registry.absent();
            case REGISTRY_WIPE -> registry.wipe();
            case JUDGE_429 -> judge("429=0.9");
            case JUDGE_500 -> judge("500=0.5");
            case JUDGE_HANG -> judge("hang=0.3");
            case JUDGE_DROP -> judge("dropped=0.5");
            case JUDGE_GARBAGE -> judge("truncated=0.3,unparsable=0.3");
            case JUDGE_SLOW -> slowJudge();
            case POISON -> Fault.of("rollouts", () -> feeder.poison(planned.draw(), POISONS), () -> {});
            case SCHEMA_UPGRADE -> Fault.of("producers", feeder::upgradeSchema, () -> {});
            case UPGRADE -> upgrade();
        };
    }

    private Fault kill(RoleProcess role, List<Integer> partitions) {
        return Fault.of(
                role.name(),
                partitions,
                () -> {
                    harness.hold(role);
                    role.kill();
                },
                () -> back(role));
    }

    private Fault pause(RoleProcess role) {
        return Fault.of(
                role.name(),
                () -> {
                    harness.hold(role);
                    role.pause();
                },
                () -> {
                    role.resume();
                    harness.release(role); // whoever finds that it was given up may end, and is started again
                });
    }

    private void back(RoleProcess role) {
        harness.bring(role);
        harness.release(role);
    }

    private Fault roll(String what, List<RoleProcess> roles) {
        return Fault.of(
                what,
                () -> {
                    for (RoleProcess role : roles) {
                        harness.hold(role);
                        role.close();
                        back(role);
                    }
                },
                () -> {});
    }

    private static Fault clock(String target, Optional<FakeClock> clock, long draw) throws NotPossible {
        FakeClock moved = clock.orElseThrow(
                () -> new NotPossible(impossible(FaultKind.WORKER_CLOCK).orElse("no clock")));
        long seconds = Math.floorMod(draw, 2L * FARTHEST_JUMP_S + 1) - FARTHEST_JUMP_S;
        return Fault.of(
                target + " by " + seconds + " s",
                () -> moved.move(Duration.ofSeconds(seconds)),
                () -> moved.move(Duration.ZERO));
    }

    private Fault streamDisk() throws NotPossible {
        SmallDisk disk = harness.streamDisk()
                .orElseThrow(
                        () -> new NotPossible(impossible(FaultKind.STREAM_DISK).orElse("no small disk")));
        RoleProcess stream = harness.streams().getFirst();
        return Fault.of(
                stream.name(),
                () -> {
                    harness.hold(stream); // whoever starts it again finds no space either
                    disk.fill();
                },
                () -> {
                    disk.free();
                    back(stream);
                });
    }

    private Fault links(int zone, List<Integer> to, boolean hang) {
        String name = Harness.ZONES.get(zone);
        List<TcpProxy> links =
                to.stream().map(broker -> harness.stack().link(name, broker)).toList();
        return Fault.of(
                "zone " + name + (to.size() == 1 ? " to " + Harness.brokerName(to.getFirst()) : ""),
                () -> links.forEach(hang ? TcpProxy::hang : TcpProxy::cut),
                () -> links.forEach(TcpProxy::open));
    }

    private Fault judge(String rates) {
        return Fault.of(
                "judge",
                () -> harness.judge().change(harness.settings().latency(), Faults.parse(rates)),
                harness.judge()::restore);
    }

    private Fault slowJudge() {
        Latency usual = harness.settings().latency();
        return Fault.of(
                "judge",
                () -> harness.judge().change(new Latency.Scaled(usual, SLOWER), Faults.NONE),
                harness.judge()::restore);
    }

    private Fault upgrade() throws NotPossible {
        if (harness.settings().previous().isEmpty()) {
            throw new NotPossible(impossible(FaultKind.UPGRADE).orElseThrow());
        }
        List<RoleProcess> all = Stream.of(harness.streams(), harness.workers(), List.of(harness.gateway()))
                .flatMap(List::stream)
                .toList();
        return Fault.of(
                "all roles",
                () -> {
                    for (RoleProcess role : all) {
                        harness.hold(role);
                        harness.upgrade(role);
                        back(role);
                    }
                },
                () -> {});
    }
}
