/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

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

/** {@code kritik faults each}: one kind after another, each alone, with an audit after each. */
@Command(
        name = "each",
        description =
                "Strike an installation with each kind of fault alone, one after another, with an audit of everything after "
                        + "each. What was found once is found again in each later audit, for nothing is forgotten in between.",
        footer = {
            "",
            "Examples:",
            "  kritik faults each",
            "  kritik faults each --faults broker-disk,stream-disk --seed 3"
        })
public final class FaultsEach implements Callable<Integer> {

    /** Behind a fault, so that there is work after it. */
    private static final long AFTER_MS = 8_000;

    @Mixin
    private CommonOptions common;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            description = "Kinds of faults, separated by commas, or all but for registry-wipe and upgrade. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "all")
    private String faults;

    @Override
    public Integer call() throws InterruptedException, IOException {
        List<FaultKind> kinds = RunOptions.kinds(faults);
        if (kinds.isEmpty()) {
            throw new ConfigError("--faults is none: name at least one");
        }
        Settings settings = options.settings(common, Duration.ZERO, Long.MAX_VALUE, kinds, Mix.ROUGH, false);
        return options.run(
                common,
                settings,
                session -> oneAfterAnother(session, settings.seed(), kinds),
                "kritik faults each " + options.again(Map.of("--faults", faults)));
    }

    private FaultReport oneAfterAnother(Session session, long seed, List<FaultKind> kinds)
            throws InterruptedException, IOException {
        FaultReport report = null;
        for (FaultKind kind : kinds) {
            Schedule schedule = Schedule.one(seed, kind);
            report = session.run(
                    schedule, Duration.ofMillis(schedule.faults().getFirst().endMs() + AFTER_MS), Long.MAX_VALUE);
            RunOptions.say(
                    common,
                    kind.word() + ": " + (report.clean() ? "every promise held" : String.join("; ", report.bad())));
        }
        return report;
    }
}
