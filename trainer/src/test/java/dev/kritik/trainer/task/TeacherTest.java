/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.data.Truth;
import dev.kritik.trainer.judge.Verdict;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

class TeacherTest {

    private static final List<MicroTask> TASKS = LongStream.range(0, 2_000)
            .mapToObj(new MicroTasks(MicroTasks.Split.TRAIN, 21)::task)
            .filter(task -> task.candidates().size() > 1)
            .toList();

    private static double right(Teacher teacher) {
        return TASKS.stream()
                        .filter(task -> verdict(task, teacher.critique(task, 5)).correct())
                        .count()
                / (double) TASKS.size();
    }

    private static Verdict verdict(MicroTask task, String critique) {
        int n = task.candidates().size();
        Parsed parsed = ScoreParser.parse(critique, n, "stop");
        return Verdict.of(
                parsed,
                new ShownOrder(java.util.stream.IntStream.range(0, n).boxed().toList()),
                new Truth.Best(task.best()));
    }

    @Test
    void everyCritiqueHasScoresThatCanBeRead() {
        assertThat(TASKS)
                .allMatch(task ->
                        verdict(task, new Teacher().critique(task, 5)).invalid().isEmpty());
    }

    @Test
    void aTeacherWithoutFaultsIsAlwaysRight() {
        assertThat(right(new Teacher(0, 0))).isEqualTo(1);
    }

    @Test
    void theUsualTeacherIsOftenWrongAndBetterThanChance() {
        assertThat(right(new Teacher())).isBetween(0.35, 0.75);
    }

    @Test
    void itIsBlindOrDistractedAsMuchAsItIsTold() {
        assertThat(right(new Teacher(0.3, 0))).isLessThan(right(new Teacher(0.1, 0)));
        assertThat(right(new Teacher(0, 1))).isLessThan(right(new Teacher(0, 0.3)));
    }

    @Test
    void theSameSeedGivesTheSameWordsAndAnotherSeedOthers() {
        MicroTask task = TASKS.getFirst();
        assertThat(new Teacher().critique(task, 5)).isEqualTo(new Teacher().critique(task, 5));
        assertThat(LongStream.range(0, 50)
                        .mapToObj(seed -> new Teacher().critique(task, seed))
                        .distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void aPreferenceNamesTheCandidateThatAFaultlessTeacherFindsBetter() {
        MicroTasks tasks = new MicroTasks(MicroTasks.Split.TRAIN, 22);
        for (long number = 0; number < 200; number++) {
            MicroTask task = tasks.task(number, 2);
            assertThat(new Teacher(0, 0).preference(task, 5)).endsWith("\\boxed{" + (task.best() + 1) + "}");
        }
    }

    @Test
    void aCheckSaysWhatWasExpectedAndHowBadEachAnswerIs() {
        MicroTask task = TASKS.getFirst();
        assertThat(Teacher.check(task))
                .startsWith("Analysis: Expected " + task.answer() + ". Response 1: "
                        + task.candidates().getFirst().answer() + ", ")
                .doesNotContain("boxed");
    }
}
