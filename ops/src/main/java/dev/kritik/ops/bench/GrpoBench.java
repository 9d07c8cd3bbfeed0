/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;

/** {@code kritik bench grpo}: what a judge's rewards are worth. */
@Command(
        name = "grpo",
        description = {
            "Hold two runs of 'kritik train grpo' against each other, one with a judge's rewards and one with rewards by known"
                    + " answers: how often the policy is right on held-out queries, what it gained, and how much of the gain with"
                    + " known answers the judge's rewards reach. It reads the folders of the runs, and trains nothing; a run that"
                    + " is not finished is read up to its last evaluation.",
            "Minutes are wall time of steps, with the evaluations and checkpoints between them."
        },
        footer = {
            "",
            "Example:",
            "  kritik train grpo --local --out runs/judged",
            "  kritik train grpo --rewards gold --out runs/gold",
            "  kritik bench grpo --judged runs/judged --gold runs/gold --svg curve.svg"
        })
public final class GrpoBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--judged",
            paramLabel = "RUN",
            required = true,
            description = "The folder of the run with a judge's rewards.")
    private Path judged;

    @Option(
            names = "--gold",
            paramLabel = "RUN",
            required = true,
            description = "The folder of the run with rewards by known answers (--rewards gold).")
    private Path gold;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Write the curves over minutes to this file, too: an SVG that loads nothing.")
    private Path svg;

    @Override
    public Integer call() throws IOException {
        RunSettings settings = RunSettings.read(judged);
        GrpoPair pair = new GrpoPair(GrpoCourse.read(judged), GrpoCourse.read(gold), settings.heldOut());
        List<String> differences = settings.differences(RunSettings.read(gold));
        if (!differences.isEmpty()) {
            say("warning: the runs differ not only in their rewards: " + String.join(", ", differences));
        }
        GrpoTable table = new GrpoTable(pair);
        if (common.json()) {
            for (Map<String, Object> object : table.objects()) {
                common.out().println(JSON.writeValueAsString(object));
            }
        } else {
            common.out().print(table.markdown());
        }
        common.out().flush();
        if (svg != null) {
            Files.createDirectories(svg.toAbsolutePath().getParent());
            Files.writeString(svg, GrpoSvg.of(pair));
            say("curves: " + svg);
        }
        return ExitCode.OK;
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }
}
