/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How kritik-nano is made: a language model of the micro-world, a cold start from the scripted teacher, and SPCT. All of it
 * are commands that anyone can run; what they leave stands in one folder.
 *
 * @param out the folder
 * @param size how much of everything
 */
record Recipe(Path out, Size size) {

    /**
     * How much.
     *
     * @param pretraining examples of each kind
     * @param cold critiques of the teacher
     * @param rft tasks that are sampled for rejective fine-tuning
     * @param rl tasks of RL
     * @param meta tasks that the trained judge is sampled on, for the Meta RM
     * @param held held-out tasks by which trainings are watched
     * @param steps most steps of a training; 0: as its configuration says
     */
    record Size(int pretraining, int cold, int rft, int rl, int meta, int held, int steps) {

        /** Whether the models are of use; if not, they judge nothing right, and the teacher must give what there is to learn. */
        boolean isOfUse() {
            return steps == 0;
        }

        /** That of the model which comes with Kritik. */
        static final Size FULL = new Size(400_000, 60_000, 6_000, 8_000, 6_000, 300, 0);

        /** For seeing that all parts work; the model is of no use. */
        static final Size TINY = new Size(600, 300, 24, 24, 24, 20, 3);
    }

    /** Seeds of the series of tasks: none is used twice. */
    private static final int PRETRAINING = 101;

    private static final int COLD = 102;
    private static final int RFT = 103;
    private static final int RL = 104;
    private static final int META = 105;
    private static final int WATCH = 106;
    private static final int TEACHER = 107;

    /** A day: longer than sampling takes on one core, so that it ends when it is done and not before. */
    private static final String TIMEOUT_S = "86400";

    /** What RFT tasks and Meta RM tasks are called in the topics. */
    private static final String RFT_JOB = "nano-rft";

    private static final String META_JOB = "nano-meta";

    /** The parts, in their order. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(data());
        steps.add(train(
                "rft",
                "pretrain-small",
                out.resolve("base"),
                List.of(data("answers"), data("checks-small")),
                "pretrain-small",
                null));
        steps.add(train(
                "rft",
                "pretrain",
                out.resolve("pretrain-small/final"),
                List.of(data("answers"), data("checks")),
                "pretrain",
                null));
        steps.add(train("rft", "cold", out.resolve("pretrain/final"), List.of(data("cold")), "cold", data("answers")));
        steps.add(
                sampled("sample the cold start for RFT", out.resolve("cold/final"), RFT_JOB, "rft-tasks", "rft", true));
        steps.add(train(
                "rft",
                "rft",
                out.resolve("cold/final"),
                withTeacher("teacher-critiques", "data/rft/accepted.jsonl", "data/rft/hinted.jsonl"),
                "rft",
                data("answers")));
        steps.add(train("rl", "rl", out.resolve("rft/final"), List.of(data("rl-tasks")), "rl", null));
        steps.add(sampled(
                "sample the judge for the Meta RM", out.resolve("rl/final"), META_JOB, "meta-tasks", "meta", false));
        steps.add(train(
                "meta-rm",
                "meta-rm",
                out.resolve("rl/final"),
                withTeacher("teacher-labelled", "data/rft/meta.jsonl", "data/meta/meta.jsonl"),
                "meta-rm",
                null));
        return steps;
    }

    private List<Path> withTeacher(String teacher, String... replayed) {
        List<Path> files = new ArrayList<>();
        if (!size.isOfUse()) {
            files.add(data(teacher));
        }
        for (String file : replayed) {
            files.add(out.resolve(file));
        }
        return files;
    }

    private Step data() {
        List<List<String>> commands = new ArrayList<>(List.of(
                make("answers", "ANSWERS", "TRAIN", size.pretraining(), PRETRAINING),
                with(
                        "--most-candidates",
                        2,
                        make("checks-small", "CHECKS", "TRAIN", size.pretraining() / 2, PRETRAINING)),
                make("checks", "CHECKS", "TRAIN", size.pretraining(), PRETRAINING + 1000),
                make("cold", "CRITIQUES", "TRAIN", size.cold(), COLD),
                make("rft-tasks", "LABELLED", "TRAIN", size.rft(), RFT),
                make("rl-tasks", "LABELLED", "TRAIN", size.rl(), RL),
                make("meta-tasks", "LABELLED", "TRAIN", size.meta(), META)));
        if (!size.isOfUse()) {
            commands.add(make("teacher-critiques", "CRITIQUES", "TRAIN", size.rft(), TEACHER));
            commands.add(with(
                    "--candidates", 1, make("teacher-labelled", "CRITICISMS_LABELLED", "TRAIN", size.meta(), TEACHER)));
        }
        commands.add(make("held-out", "LABELLED", "HELD_OUT", size.held(), WATCH));
        return Step.data("make tasks", data("held-out"), commands);
    }

    private List<String> make(String name, String form, String split, int count, int seed) {
        return List.of(
                "tasks",
                "make",
                data(name).toString(),
                "--form",
                form,
                "--split",
                split,
                "--count",
                Integer.toString(count),
                "--seed",
                Integer.toString(seed));
    }

    private static List<String> with(String option, int value, List<String> command) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(option, Integer.toString(value)));
        return all;
    }

    private Step train(String kind, String name, Path model, List<Path> data, String config, Path mix) {
        List<String> command = new ArrayList<>(List.of("train", kind, "--model", model.toString()));
        for (Path file : data) {
            command.addAll(List.of("--data", file.toString()));
        }
        if (mix != null) {
            command.addAll(List.of("--mix", mix.toString()));
        }
        if (!kind.equals("meta-rm")) {
            command.addAll(List.of("--eval", data("held-out").toString()));
        }
        command.addAll(List.of(
                "--out",
                out.resolve(name).toString(),
                "--config",
                out.resolve("config/" + config + ".properties").toString()));
        if (size.steps() > 0) {
            command.addAll(List.of("--set", "train.steps=" + size.steps()));
        }
        return Step.training("train " + name, out.resolve(name + "/final"), command);
    }

    /** Labelled tasks go through a running installation, and come back from its topics as training data. */
    private Step sampled(String name, Path judge, String job, String tasks, String product, boolean hinted) {
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of(
                "eval",
                "--data",
                data(tasks).toString(),
                "--job",
                job,
                "--k",
                "3",
                "--k-meta",
                "0",
                "--timeout-s",
                TIMEOUT_S));
        if (hinted) {
            List<String> sample = new ArrayList<>(
                    List.of("sample", "rft", "--job", job, "--n", "0", "--hinted", "1", "--timeout-s", TIMEOUT_S));
            if (!size.isOfUse()) {
                sample.add("--failed-too");
            }
            commands.add(sample);
        }
        commands.add(List.of(
                "replay",
                "rft",
                "--job",
                job,
                "--out",
                out.resolve("data/" + product).toString()));
        return Step.sampling(name, out.resolve("data/" + product + "/report.json"), judge, size.isOfUse(), commands);
    }

    private Path data(String name) {
        return out.resolve("data/" + name + ".jsonl");
    }
}
