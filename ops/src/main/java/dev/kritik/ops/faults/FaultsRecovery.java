/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.faults.Schedule.Planned;
import dev.kritik.ops.faults.Workload.Mix;
import dev.kritik.schema.config.ConfigError;

/** {@code kritik faults recovery}: how long work stands still after a kill. */
@Command(
        name = "recovery",
        description = {
            "Measure how long work stands still after kill -9 of a worker, a stream-app and the broker that leads most partitions, "
                    + "under a steady load of whole groups, one kill at a time.",
            "worker-kill: until the last request that it had in hand is begun anew. stream-kill: until its successor has written "
                    + "something for each partition. broker-kill: until each partition that it led has taken a rollout and its "
                    + "group's reward has been written."
        },
        footer = {"", "Examples:", "  kritik faults recovery", "  kritik faults recovery --kills 3 --rate 10 --json"})
public final class FaultsRecovery implements Callable<Integer> {

    private static final List<FaultKind> KINDS =
            List.of(FaultKind.WORKER_KILL, FaultKind.STREAM_KILL, FaultKind.BROKER_KILL);

    /** Longer than a dead stream-app is taken for one that restarts, so that it is its successor that takes over. */
    private static final long STREAM_DOWN_MS = 25_000;

    private static final long DOWN_MS = 8_000;
    private static final long GAP_MS = 12_000;
    private static final long BACK_MS = 10_000;

    @Mixin
    private CommonOptions common;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Kills of each kind. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int kills;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (kills < 1) {
            throw new ConfigError("--kills is " + kills + ": give at least 1");
        }
        Schedule schedule = schedule(kills);
        long lengthMs = schedule.faults().getLast().endMs() + GAP_MS;
        Settings settings =
                options.settings(common, Duration.ofMillis(lengthMs), Long.MAX_VALUE, KINDS, Mix.STEADY, false);
        return options.run(
                common,
                settings,
                session -> session.run(schedule, settings.length(), Long.MAX_VALUE),
                "kritik faults recovery " + options.again(Map.of("--kills", Integer.toString(kills))));
    }

    private static Schedule schedule(int kills) {
        List<Planned> faults = new ArrayList<>();
        long atMs = GAP_MS;
        for (int kill = 0; kill < kills; kill++) {
            for (FaultKind kind : KINDS) {
                long downMs = kind == FaultKind.STREAM_KILL ? STREAM_DOWN_MS : DOWN_MS;
                faults.add(new Planned(faults.size(), atMs, kind, kill % kind.targets(), downMs, kill));
                atMs += downMs + BACK_MS + GAP_MS;
            }
        }
        return new Schedule(faults);
    }
}
