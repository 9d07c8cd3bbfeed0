/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import picocli.CommandLine.Command;

import dev.kritik.ops.bench.ceiling.CeilingBench;
import dev.kritik.ops.bench.peers.PeersBench;
import dev.kritik.ops.bench.report.ReportCommand;
import dev.kritik.ops.bench.saturation.SaturationBench;
import dev.kritik.ops.nano.NanoBench;

/** {@code kritik bench}: how fast parts of Kritik are on this machine, how right a judge is, what its rewards are worth. */
@Command(
        name = "bench",
        description =
                "Measure how fast parts of Kritik are on this machine, how right a judge is, and what its rewards are worth."
                        + " Comparisons with others are in ops/bench.",
        subcommands = {
            GenerateBench.class,
            ScalingBench.class,
            NanoBench.class,
            GrpoBench.class,
            OverlapBench.class,
            PeersBench.class,
            SaturationBench.class,
            CeilingBench.class,
            ReportCommand.class,
        })
public final class BenchCommand {}
