/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.faults.Workload.Mix;
import dev.kritik.schema.config.ConfigError;

/** {@code kritik faults run}: faults of many kinds, some at the same time. */
@Command(
        name = "run",
        description = {
            "Strike an installation with faults of many kinds that follow from a seed, then heal it, wait until all is quiet, and "
                    + "audit it. Exit code 1 if anything that is promised did not hold.",
        },
        footer = {
            "",
            "Examples:",
            "  kritik faults run --seed 7 --minutes 5",
            "  kritik faults run --seed 7 --minutes 5 --faults worker-kill,broker-kill,judge-429 --out run-7",
            "  kritik faults run --rollouts 1000000 --rate 60 --brokers 1 --judge-ms 5,50 --faults none",
            "  kritik faults run --minutes 120 --soak --out soak"
        })
public final class FaultsRun implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private RunOptions options;

    @ArgGroup
    private Length length = new Length();

    /** One of the two. */
    private static final class Length {

        @Option(
                names = "--minutes",
                paramLabel = "M",
                description = "How long groups are published and faults strike. Default: 3.")
        private Double minutes;

        @Option(
                names = "--rollouts",
                paramLabel = "N",
                description = "Publish and strike until so many rollouts have been sent.")
        private Long rollouts;
    }

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            description = "Kinds of faults, separated by commas; all, but for registry-wipe and upgrade; or none. "
                    + "'kritik faults list' lists them. Default: ${DEFAULT-VALUE}.",
            defaultValue = "all")
    private String faults;

    @Option(
            names = "--soak",
            description =
                    "Wrong, too, is a process whose memory, open files, threads or state grow: their medians over the last "
                            + "quarter of the run, held against those over the second. Takes hours.")
    private boolean soak;

    /** Members of a group and what goes with it, on average: only to guess how long a number of rollouts takes. */
    private static final double ROLLOUTS_A_GROUP = 5.0;

    private static final double MINUTES = 3;
    private static final long MINUTE_MS = 60_000;

    @Override
    public Integer call() throws InterruptedException, IOException {
        List<FaultKind> kinds = RunOptions.kinds(faults);
        boolean none = length.minutes != null && !(length.minutes > 0);
        if (none || (length.rollouts != null && length.rollouts < 1)) {
            throw new ConfigError("--minutes and --rollouts must be above 0");
        }
        long rollouts = length.rollouts == null ? Long.MAX_VALUE : length.rollouts;
        Settings settings = options.settings(common, Duration.ofMillis(lengthMs()), rollouts, kinds, Mix.ROUGH, soak);
        Schedule schedule = Schedule.of(settings.seed(), settings.length().toMillis(), kinds);
        RunOptions.say(
                common, "seed " + settings.seed() + ": " + schedule.faults().size() + " faults");
        Duration atMost = length.rollouts == null ? settings.length() : Duration.ofDays(7);
        String of = length.rollouts == null ? "--minutes" : "--rollouts";
        Object value = length.rollouts == null ? (Object) (lengthMs() / (double) MINUTE_MS) : length.rollouts;
        return options.run(
                common,
                settings,
                session -> session.run(schedule, atMost, rollouts),
                "kritik faults run " + options.again(Map.of(of, value.toString())) + " --faults " + faults
                        + (soak ? " --soak" : ""));
    }

    /** Of the schedule. */
    private long lengthMs() {
        if (length.rollouts != null) {
            return (long) (length.rollouts / ROLLOUTS_A_GROUP / options.rate() * 1000);
        }
        return (long) ((length.minutes == null ? MINUTES : length.minutes) * MINUTE_MS);
    }
}
