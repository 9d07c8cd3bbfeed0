/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.tasks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.trainer.task.MicroTask;
import dev.kritik.trainer.task.MicroTasks;
import dev.kritik.trainer.task.TaskLines;
import dev.kritik.trainer.task.Teacher;

/** {@code kritik tasks make}: writes a file of micro-tasks. */
@Command(
        name = "make",
        description = {
            "Write micro-tasks as JSON Lines: copying, sorting, counting, arithmetic and the like, each with 1 to 8 responses of "
                    + "graded faults, exactly one of which is the best. The same options give the same bytes.",
            "What is held out shares no content with what is for training: not the same words or numbers in another order or "
                    + "under another kind of question."
        },
        footer = {
            "",
            "Examples:",
            "  kritik tasks make held-out.jsonl --split HELD_OUT --count 1000",
            "  kritik tasks make cold.jsonl --form CRITIQUES --count 100000"
        })
public final class MakeCommand implements Callable<Integer> {

    private static final int PROGRESS_EVERY = 50_000;

    /** What a line holds. */
    enum Form {
        LABELLED,
        CRITIQUES,
        CHECKS,
        ANSWERS,
        ATTEMPTS,
        QUESTIONS,
        PAIRS,
        CRITICISMS,
        CRITICISMS_LABELLED,
        RESPONSES_LABELLED
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "FILE", description = "The file; '-' writes to stdout.")
    private Path file;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description =
                    "LABELLED: query, responses and label, for 'train rl', 'rollouts publish' and 'eval'. CRITIQUES: the"
                            + " judge's prompt and what the scripted teacher writes, for 'train rft'. CHECKS: the judge's prompt with"
                            + " a request to check the answers alone, and a faultless check, for 'train rft'. ANSWERS: query and"
                            + " right answer, for 'train rft --mix'. ATTEMPTS: query and an answer that is right in 40 % of cases, for"
                            + " 'train rft' of a policy to begin with (--candidates 1). QUESTIONS: query, and all texts that answer it"
                            + " rightly, for 'train grpo', which shows the policy and the judge the query alone. PAIRS: which of two responses is better, in the teacher's words,"
                            + " for 'train rft' of a pairwise judge (--candidates 2). CRITICISMS: the teacher on a single response,"
                            + " for 'train rft' of a semi-scalar judge's critic (--candidates 1). CRITICISMS_LABELLED: the same with"
                            + " a label, whether the response is right, for 'train meta-rm' of its head (--candidates 1)."
                            + " RESPONSES_LABELLED: query and response with that label, for 'train meta-rm' of a scalar judge"
                            + " (--candidates 1). Default: ${DEFAULT-VALUE}.")
    private Form form = Form.LABELLED;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private MicroTasks.Split split = MicroTasks.Split.TRAIN;

    @Option(names = "--count", paramLabel = "N", description = "How many. Default: ${DEFAULT-VALUE}.")
    private long count = 1000;

    @Option(names = "--from", paramLabel = "N", description = "Number of the first. Default: ${DEFAULT-VALUE}.")
    private long from;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the series. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Responses of each task, 1 to 8. Default: 1 to 8, few more often than many.")
    private Integer candidates;

    @Option(
            names = "--most-candidates",
            paramLabel = "N",
            description = "Most responses of a task, 1 to 8. Default: ${DEFAULT-VALUE}.")
    private int mostCandidates = MicroTasks.MOST_CANDIDATES;

    @Override
    public Integer call() throws IOException {
        checkCandidates();
        if (count < 0 || from < 0) {
            throw new ParameterException(spec.commandLine(), "--count and --from are at least 0");
        }
        if (file.toString().equals("-")) {
            write(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
            return ExitCode.OK;
        }
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".unfinished");
        try (Writer out = Files.newBufferedWriter(unfinished)) {
            write(out);
        }
        Files.move(unfinished, absolute, StandardCopyOption.REPLACE_EXISTING);
        return ExitCode.OK;
    }

    private void write(Writer out) throws IOException {
        MicroTasks tasks = new MicroTasks(split, seed, mostCandidates);
        Teacher teacher = new Teacher();
        for (long number = from; number < from + count; number++) {
            MicroTask task = candidates == null ? tasks.task(number) : tasks.task(number, candidates);
            out.write(
                    switch (form) {
                        case LABELLED -> TaskLines.labelled(task);
                        case CRITIQUES -> TaskLines.critique(task, teacher, seed);
                        case CHECKS -> TaskLines.check(task);
                        case ANSWERS -> TaskLines.answer(task);
                        case ATTEMPTS -> TaskLines.attempt(task);
                        case QUESTIONS -> TaskLines.question(task);
                        case PAIRS -> TaskLines.pair(task, teacher, seed);
                        case CRITICISMS -> TaskLines.criticism(task, teacher, seed);
                        case CRITICISMS_LABELLED -> TaskLines.criticismLabelled(task, teacher, seed);
                        case RESPONSES_LABELLED -> TaskLines.responseLabelled(task);
                    });
            out.write('\n');
            if ((number - from + 1) % PROGRESS_EVERY == 0) {
                common.err().println(number - from + 1 + " of " + count);
                common.err().flush();
            }
        }
        out.flush();
    }

    private void checkCandidates() {
        int needed = switch (form) {
            case PAIRS -> 2;
            case ATTEMPTS, CRITICISMS, CRITICISMS_LABELLED, RESPONSES_LABELLED -> 1;
            default -> 0;
        };
        if (needed > 0 && (candidates == null || candidates != needed)) {
            throw new ParameterException(spec.commandLine(), "--form " + form + " needs --candidates " + needed);
        }
        if (mostCandidates < 1
                || mostCandidates > MicroTasks.MOST_CANDIDATES
                || (candidates != null && (candidates < 1 || candidates > MicroTasks.MOST_CANDIDATES))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--candidates and --most-candidates are from 1 to " + MicroTasks.MOST_CANDIDATES);
        }
    }
}
