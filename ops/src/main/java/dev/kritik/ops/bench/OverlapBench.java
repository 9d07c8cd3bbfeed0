/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import dev.kritik.local.StackException;
import dev.kritik.ops.Kritik;
import dev.kritik.ops.bench.load.Results;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.local.OwnInstallation;

/** {@code kritik bench overlap}: how much of its time a trainer waits. */
@Command(
        name = "overlap",
        description = {
            "Measure how long the trainer of 'kritik train grpo' waits for rewards, synchronous (each step's groups are written by"
                    + " the policy that learns from them) and asynchronous (the next groups are written and judged meanwhile)."
                    + " Short trainings of nano-policy take turns on one installation on this machine, with the same judge, the"
                    + " same queries and the same seeds; every other round the other way round. A training before them warms the processes"
                    + " up, and does not count.",
            "Waiting for rewards: the trainer waits, and nothing is being written either. Waiting at all: also while responses are"
                    + " being written. The first steps of each training are left out, and the last ones, before which nothing is"
                    + " written any more. Neither evaluations nor checkpoints fall into what is measured."
        },
        footer = {
            "",
            "Examples:",
            "  kritik bench overlap --out runs/overlap",
            "  kritik bench overlap --out runs/overlap --ahead 1,2 --rounds 5 --set grpo.k=8"
        })
public final class OverlapBench implements Callable<Integer> {

    private static final String AHEAD = "grpo.ahead";
    private static final String STEPS = "train.steps";

    /** As 'kritik train grpo' makes them by itself. */
    private static final List<String> QUERIES =
            List.of("--form", "QUESTIONS", "--count", "20000", "--seed", "301", "--candidates", "1");

    /** As long as a training holds the process back, which ends its step and writes a checkpoint. */
    private static final Duration GRACE = Duration.ofMinutes(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "A new folder, for the installation's data and the runs.")
    private Path out;

    @Option(
            names = "--ahead",
            paramLabel = "N,...",
            split = ",",
            description = "Steps by which writing is ahead of learning (" + AHEAD
                    + "), held against synchronous training." + " Default: 1.")
    private List<Integer> bounds = List.of(1);

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each training, those that are left out included. Default: ${DEFAULT-VALUE}.")
    private int steps = 30;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description =
                    "First steps of each training that are left out, and steps of the training before them all. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 6;

    @Option(names = "--rounds", paramLabel = "N", description = "Trainings of each kind. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Override
    public Integer call() throws IOException {
        Map<String, String> config = OwnInstallation.sharingCores(checked());
        check(kritik(tasks()), tasks());
        // Opened first and closed last: the process is held back until the installation has ended in order.
        try (Interruption told = new Interruption(GRACE, Thread.currentThread()::interrupt)) {
            return measure(config, told) ? ExitCode.OK : interrupted();
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private int interrupted() {
        say("interrupted. Give a new --out to begin anew");
        return ExitCode.INTERRUPTED;
    }

    /** False if it was told to end before. */
    private boolean measure(Map<String, String> config, Interruption told) throws IOException {
        try (OwnInstallation installation = OwnInstallation.start(out.resolve("local"), config, common.err())) {
            told.cancels(() -> {}); // each training hears of it by itself
            Map<String, String> all = new TreeMap<>(config);
            all.putAll(installation.addresses());
            return train(out.resolve("warm-up"), warmUp, 0, all, told) && rounds(all, told);
        } catch (StackException e) {
            if (told.came()) {
                return false;
            }
            throw e;
        }
    }

    /** Measures, and prints what was found; false if it was told to end before. */
    private boolean rounds(Map<String, String> config, Interruption told) throws IOException {
        List<OverlapRun> runs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (int bound : order(round)) {
                Path folder = out.resolve("round-" + round + "-ahead-" + bound);
                say("round " + round + " of " + rounds + ": " + AHEAD + " " + bound);
                if (!train(folder, steps, bound, config, told)) {
                    return false;
                }
                OverlapRun run = OverlapRun.of(round, bound, MetricsFile.read(folder), warmUp, last());
                runs.add(run);
                if (common.json()) {
                    print(OverlapTable.object(run));
                }
            }
        }
        print(new OverlapTable(runs, bounds));
        return true;
    }

    /** The configuration, if all that is asked for can be done. */
    private Map<String, String> checked() throws IOException {
        if (bounds.isEmpty()
                || bounds.stream().anyMatch(bound -> bound < 1)
                || bounds.stream().distinct().count() < bounds.size()) {
            throw wrong("--ahead takes different numbers from 1 on; synchronous training (0) is always measured");
        }
        if (rounds < 1 || warmUp < 1) {
            throw wrong("--rounds and --warm-up are at least 1");
        }
        if (last() <= warmUp) {
            throw wrong("--steps is at least " + (warmUp + mostBound() + 1) + ": " + warmUp + " to warm up, "
                    + mostBound() + " at the end before which nothing is written any more, and one to measure");
        }
        Map<String, String> config = new TreeMap<>(common.config());
        for (String key : List.of(AHEAD, STEPS)) {
            if (config.containsKey(key)) {
                throw wrong("--set " + key + ": give --ahead and --steps instead");
            }
        }
        Results.requireNew(spec, out);
        return config;
    }

    private ParameterException wrong(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private int mostBound() {
        return bounds.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** The last step that is measured: before those that follow, nothing more is written. */
    private int last() {
        return steps - mostBound();
    }

    /** Every other round backwards, so that a machine that gets slower or faster favours nobody. */
    private List<Integer> order(int round) {
        List<Integer> all = new ArrayList<>(List.of(0));
        all.addAll(bounds);
        return round % 2 == 1 ? all : all.reversed();
    }

    private Path queries() {
        return out.resolve("queries.jsonl");
    }

    private List<String> tasks() {
        List<String> command =
                new ArrayList<>(List.of("tasks", "make", queries().toString()));
        command.addAll(QUERIES);
        return command;
    }

    /** Trains; false if it was told to end. */
    private boolean train(Path folder, int count, int bound, Map<String, String> config, Interruption told) {
        if (told.came()) {
            return false;
        }
        Map<String, String> keys = new TreeMap<>(config);
        keys.put(AHEAD, Integer.toString(bound));
        keys.put(STEPS, Integer.toString(count));
        keys.put("train.checkpoint.every", Integer.toString(count));
        List<String> command = new ArrayList<>(List.of("train", "grpo"));
        command.addAll(List.of("--data", queries().toString(), "--out", folder.toString()));
        keys.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        int code = kritik(command);
        if (told.came() || code == ExitCode.INTERRUPTED) {
            return false;
        }
        check(code, command);
        return true;
    }

    /** Runs another command, whose result is only progress here. */
    private int kritik(List<String> command) {
        return Kritik.run(common.err(), common.err(), command.toArray(String[]::new));
    }

    private static void check(int code, List<String> command) {
        if (code != ExitCode.OK) {
            throw new CommandFailed("'kritik " + command.get(0) + " " + command.get(1) + "' ended with exit code "
                    + code + ", see above");
        }
    }

    private void print(OverlapTable table) throws IOException {
        if (!common.json()) {
            common.out().print(table.markdown());
            common.out().flush();
            return;
        }
        for (Map<String, Object> comparison : table.comparisons()) {
            print(comparison);
        }
    }

    private void print(Map<String, Object> object) throws IOException {
        common.out().println(JSON.writeValueAsString(object));
        common.out().flush();
    }

    private void say(String text) {
        common.err().println(text);
        common.err().flush();
    }
}
