/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Makes micro-tasks from a seed. Training and held-out tasks never share a content: the operands of a task, in any order
 * and under any kind of question, belong to one of the two for ever.
 */
public final class MicroTasks {

    /** Which tasks to make. */
    public enum Split {
        TRAIN,
        HELD_OUT
    }

    /** One content in so many is held out. */
    private static final int HELD_OUT_SHARE = 8;

    /** Most candidates of a task. */
    public static final int MOST_CANDIDATES = 8;

    /** How often a task has 1, 2, ... 8 candidates. */
    private static final double[] SIZES = {25, 30, 15, 14, 4, 4, 4, 4};

    private static final List<Manner> MANNERS = List.of(
            Manner.PLAIN,
            Manner.PLAIN,
            Manner.PLAIN,
            Manner.PLAIN,
            Manner.POLITE,
            Manner.POLITE,
            Manner.WORDY,
            Manner.WORDY,
            Manner.PROUD);

    private final Split split;
    private final long seed;
    private final double[] sizes;

    public MicroTasks(Split split, long seed) {
        this(split, seed, MOST_CANDIDATES);
    }

    /** With at most so many candidates, 1 to {@link #MOST_CANDIDATES}. */
    public MicroTasks(Split split, long seed, int mostCandidates) {
        this.split = split;
        this.seed = seed;
        this.sizes = Arrays.copyOf(SIZES, mostCandidates);
    }

    /** The task of a number: always the same one. */
    public MicroTask task(long number) {
        Draw draw = Draw.of(seed, number);
        return task(number, 1 + draw.weighted(sizes), draw);
    }

    /** The same with a number of candidates, 1 to 8. */
    public MicroTask task(long number, int candidates) {
        return task(number, candidates, Draw.of(seed, number));
    }

    private MicroTask task(long number, int size, Draw draw) {
        Kind kind = draw.one(List.of(Kind.values()));
        Puzzle puzzle = kind.puzzle(draw);
        while (splitOf(puzzle.content()) != split) {
            puzzle = kind.puzzle(draw);
        }
        String question = String.format(Locale.ROOT, draw.one(kind.questions()), puzzle.asked());
        return new MicroTask(
                split.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + seed + "-" + number,
                kind,
                puzzle.operands(),
                question,
                String.join(" ", puzzle.right()),
                candidates(puzzle, size, draw));
    }

    static Split splitOf(String content) {
        CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % HELD_OUT_SHARE == 0 ? Split.HELD_OUT : Split.TRAIN;
    }

    private static List<Candidate> candidates(Puzzle puzzle, int size, Draw draw) {
        int best = draw.chance(size == 1 ? 0.4 : 0.9) ? 0 : size == 1 ? draw.between(1, 3) : 1;
        List<Candidate> made = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < size; i++) {
            Candidate candidate = candidate(puzzle, i == 0 ? best : draw.between(best + 1, 3), draw);
            while (!texts.add(candidate.text())) {
                candidate = candidate(puzzle, draw.between(best + 1, 3), draw);
            }
            made.add(candidate);
        }
        return List.copyOf(draw.shuffled(made));
    }

    private static Candidate candidate(Puzzle puzzle, int severity, Draw draw) {
        List<String> items = severity == 0 ? puzzle.right() : puzzle.spoil().apply(severity, draw);
        String answer = String.join(" ", items);
        Manner manner = draw.one(MANNERS);
        return new Candidate(manner.dress(answer, draw), answer, severity, manner);
    }
}
