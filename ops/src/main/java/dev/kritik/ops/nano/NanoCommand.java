/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.local.StackException;
import dev.kritik.ops.Kritik;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.trainer.nano.NanoFiles;

/** {@code kritik train nano}: the whole recipe of kritik-nano. */
@Command(
        name = "nano",
        description = {
            "Make kritik-nano and its Meta RM from nothing: a small language model of micro-tasks, a cold start from a scripted "
                    + "teacher, rejective fine-tuning on critiques that went through a running installation and came back from its "
                    + "topics, rule-based RL, the Meta RM.",
            "It runs other commands of kritik and shows each, so that any of them can be run by hand. Run it again to go on where "
                    + "it ended."
        },
        footer = {"", "Example:", "  kritik train nano --out runs/nano"})
public final class NanoCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for everything.")
    private Path out;

    @Option(
            names = "--tiny",
            description = "A few steps of everything, to see that all parts work: minutes, and a model of no use.")
    private boolean tiny;

    @Override
    public Integer call() throws IOException {
        Map<String, String> given = common.config();
        NanoFiles.write(out);
        Recipe recipe = new Recipe(out, tiny ? Recipe.Size.TINY : Recipe.Size.FULL);
        List<Step> steps = recipe.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String title = "[" + (i + 1) + "/" + steps.size() + "] " + step.name();
            if (Files.exists(step.product())) {
                say(title + ": done before, " + step.product());
                continue;
            }
            say(title);
            int code = step.judge() == null ? run(step.commands(), given, null) : runWithInstallation(step, given);
            if (code != ExitCode.OK) {
                say("ended; run the same command again to go on");
                return code;
            }
        }
        say("the judge is in " + out.resolve("rl/final") + ", the Meta RM in " + out.resolve("meta-rm/final"));
        return ExitCode.OK;
    }

    private int runWithInstallation(Step step, Map<String, String> given) {
        say("starting an installation whose judge is " + step.judge());
        try (LocalCluster cluster = LocalCluster.temporary(Map.of(
                "worker.judge",
                "djl",
                "judge.djl.model",
                step.judge().toAbsolutePath().toString()))) {
            cluster.startStream();
            cluster.startWorker();
            return run(step.commands(), given, cluster.configFile());
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private int run(List<List<String>> commands, Map<String, String> given, Path installation) {
        for (List<String> command : commands) {
            List<String> all = new ArrayList<>(command);
            if (installation != null) {
                all.addAll(List.of("--config", installation.toString()));
            }
            given.forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
            say("$ kritik " + String.join(" ", all));
            int code = Kritik.run(common.out(), common.err(), all.toArray(String[]::new));
            if (code != ExitCode.OK) {
                return code;
            }
        }
        return ExitCode.OK;
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }
}
