/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dev.kritik.trainer.task.MicroTasks.Split;

class MicroTasksTest {

    private static final int MANY = 4_000;

    private static List<MicroTask> tasks(Split split, long seed) {
        MicroTasks tasks = new MicroTasks(split, seed);
        return LongStream.range(0, MANY).mapToObj(tasks::task).toList();
    }

    @ParameterizedTest
    @EnumSource(Split.class)
    void exactlyOneCandidateIsTheBest(Split split) {
        for (MicroTask task : tasks(split, 3)) {
            int least = task.candidates().stream()
                    .mapToInt(Candidate::severity)
                    .min()
                    .orElseThrow();
            assertThat(task.candidates().stream().filter(candidate -> candidate.severity() == least))
                    .as(task.toString())
                    .hasSize(1);
            assertThat(task.candidates().get(task.best()).severity()).isEqualTo(least);
        }
    }

    @Test
    void aCandidateWithoutFaultsIsTheRightAnswerAndNoOtherIs() {
        for (MicroTask task : tasks(Split.TRAIN, 4)) {
            for (Candidate candidate : task.candidates()) {
                assertThat(candidate.answer().equals(task.answer()))
                        .as("%s in %s", candidate, task)
                        .isEqualTo(candidate.severity() == 0);
                assertThat(candidate.text()).contains(candidate.answer());
            }
        }
    }

    @Test
    void noTextStandsTwiceInATask() {
        for (MicroTask task : tasks(Split.TRAIN, 5)) {
            assertThat(task.candidates().stream().map(Candidate::text)).doesNotHaveDuplicates();
        }
    }

    @Test
    void noHeldOutContentIsEverTrainedOnInWhateverOrderOrKindOfTask() {
        // Given
        Set<Set<String>> trained = new HashSet<>();
        tasks(Split.TRAIN, 6).forEach(task -> trained.add(words(task)));
        // When
        List<MicroTask> heldOut = tasks(Split.HELD_OUT, 6);
        // Then: not by chance alone, for many contents of few operands come in both series
        assertThat(heldOut).noneMatch(task -> trained.contains(words(task)));
    }

    private static Set<String> words(MicroTask task) {
        return new TreeSet<>(task.operands());
    }

    @Test
    void taskNumberNIsTheSameHoweverManyWereMadeBefore() {
        assertThat(new MicroTasks(Split.TRAIN, 8).task(77))
                .isEqualTo(tasks(Split.TRAIN, 8).get(77));
        assertThat(new MicroTasks(Split.TRAIN, 9).task(77)).isNotEqualTo(new MicroTasks(Split.TRAIN, 8).task(77));
    }

    @Test
    void thereAreAllKindsAndAllNumbersOfCandidates() {
        List<MicroTask> tasks = tasks(Split.HELD_OUT, 10);
        assertThat(tasks.stream().map(MicroTask::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Kind.values());
        assertThat(tasks.stream().map(task -> task.candidates().size()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theBestStandsAtEachPlaceAboutEquallyOften(Kind kind) {
        long first = LongStream.range(0, 20_000)
                .mapToObj(number -> new MicroTasks(Split.TRAIN, 11).task(number, 2))
                .filter(task -> task.kind() == kind)
                .mapToInt(MicroTask::best)
                .filter(best -> best == 0)
                .count();
        assertThat(first).isBetween(700L, 970L); // of about 1,667, half: five standard deviations
    }
}
