/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.ToLongFunction;

import dev.kritik.monitor.Given;
import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Topics;

class WatchTest {

    private static final long MINUTE = 60_000;
    private static final long NOW = 1_800_000_000_000L;

    private long offset;

    private static Watch watch(int groups) {
        return new Watch(new Limits(60 * MINUTE, groups, 20), new Topics(""));
    }

    private static GroupKey key(String group) {
        return new GroupKey(Given.JOB, group, 0);
    }

    private Place place() {
        return new Place(0, offset++);
    }

    private void rollouts(Watch watch, String group, int size, int arrived, long atMs) {
        for (int index = 0; index < arrived; index++) {
            watch.rollout(Given.rollout(group, index, size), place(), atMs, atMs);
        }
    }

    /** A group from its first rollout to its reward: 3 members, 2 critiques asked for, one of them failed. */
    private void wholeGroup(Watch watch, String group, long atMs, Double... rewards) {
        rollouts(watch, group, rewards.length, rewards.length, atMs);
        watch.request(Given.request(group, rewards.length, 2, atMs + 10), atMs + 10);
        watch.critique(Given.critique(group, 0, "good", atMs + 500, 400, 3, 9, 4), place(), atMs + 500);
        watch.critique(Given.critique(group, 1, null, atMs + 900, 800), place(), atMs + 900);
        watch.reward(Given.reward(group, GroupStatus.OK, null, atMs, atMs + 1_000, rewards), place(), atMs + 1_000);
    }

    @Test
    void aGroupIsOpenUntilItsRewardComes() {
        // Given
        Watch watch = watch(100);

        // When // Then
        rollouts(watch, "a", 3, 2, NOW);
        assertThat(watch.overview(0).open()).isEqualTo(new Overview.Open(1, 1, 0, 0, key("a")));
        watch.request(Given.request("a", 3, 4, NOW + 10), NOW + 10);
        watch.tick(NOW + 2_000);
        assertThat(watch.overview(0).open()).isEqualTo(new Overview.Open(1, 0, 4, 2_000, key("a")));
        watch.critique(Given.critique("a", 0, "x", NOW + 3_000, 5, 1, 2, 3), place(), NOW + 3_000);
        assertThat(watch.overview(0).open().critiques()).isEqualTo(3);
        watch.reward(Given.reward("a", GroupStatus.OK, null, NOW, NOW + 4_000, 1.0, 2.0, 3.0), place(), NOW + 4_000);
        assertThat(watch.overview(0).open()).isEqualTo(new Overview.Open(0, 0, 0, 0, null));
    }

    @Test
    void countsAddUpWhateverTheOrderInWhichTopicsAreRead() {
        // Given
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<Runnable> records = new ArrayList<>();
        Watch watch = watch(100);
        for (int i = 0; i < 20; i++) {
            String group = "g" + i;
            long at = NOW + i * 1_000L;
            Place first = place();
            Place reward = place();
            records.add(() -> watch.rollout(Given.rollout(group, 0, 2), first, at, NOW + MINUTE));
            records.add(() -> watch.rollout(Given.rollout(group, 1, 2), place(), at, NOW + MINUTE));
            records.add(() -> watch.request(Given.request(group, 2, 1, at + 1), NOW + MINUTE));
            records.add(() -> watch.critique(Given.critique(group, 0, "x", at + 2, 5, 4, 5), place(), NOW + MINUTE));
            records.add(() -> watch.reward(
                    Given.reward(group, GroupStatus.OK, null, at, at + 3, 4.0, 5.0), reward, NOW + MINUTE));
        }
        Collections.shuffle(records, new Random(seed));

        // When
        records.forEach(Runnable::run);

        // Then
        Overview picture = watch.overview(0);
        assertThat(picture.open().groups()).isZero();
        assertThat(picture.flow().rollouts()).isEqualTo(40);
        assertThat(picture.flow().asked()).isEqualTo(20);
        assertThat(picture.flow().rewards()).isEqualTo(20);
        assertThat(sum(picture, Overview.Slice::opened)).isEqualTo(20);
        assertThat(sum(picture, Overview.Slice::left)).isEqualTo(20);
        assertThat(watch.groups(all("")).stream().map(GroupLine::arrived)).containsOnly(2);
    }

    private static long sum(Overview picture, ToLongFunction<Overview.Slice> part) {
        return picture.slices().stream().mapToLong(part).sum();
    }

    private static GroupFilter all(String state) {
        return new GroupFilter("", state, "", GroupFilter.Order.NEWEST, 1_000);
    }

    @Test
    void judgesAreCountedByReasonAndTimed() {
        // Given
        Watch watch = watch(100);

        // When
        for (int i = 0; i < 50; i++) {
            wholeGroup(watch, "g" + i, NOW + i, 3.0, 9.0, 4.0);
        }

        // Then
        Overview.Judge judge = watch.overview(0).judges().getFirst();
        assertThat(judge.name()).isEqualTo("djl:kritik-nano@brief-v1");
        assertThat(judge.critiques())
                .containsExactlyInAnyOrder(
                        new Overview.Reason("OK", null, 50), new Overview.Reason("FAILED", "JUDGE_TIMEOUT", 50));
        assertThat(judge.time().count()).isEqualTo(100);
        assertThat((double) judge.time().p50()).isBetween(360.0, 440.0);
        assertThat((double) judge.time().p99()).isBetween(720.0, 880.0);
        assertThat(watch.overview(0).reward().p50()).isBetween(900L, 1_100L);
    }

    @Test
    void rewardsAreCountedByScoreAndGroupsWithoutSpreadAreSeen() {
        // Given
        Watch watch = watch(100);

        // When
        wholeGroup(watch, "spread", NOW, 2.4, 8.5, 10.0);
        wholeGroup(watch, "flat", NOW, 6.0, 6.0, 6.0);
        wholeGroup(watch, "partial", NOW, 5.0, null, null);
        watch.reward(
                Given.reward("failed", GroupStatus.FAILED, "TOO_FEW_VOTES", NOW, NOW + 5, null, null),
                place(),
                NOW + 9);

        // Then
        Overview picture = watch.overview(0);
        assertThat(picture.scores())
                .containsExactly(new Overview.Scores(Given.JOB, List.of(0L, 1L, 0L, 0L, 1L, 3L, 0L, 0L, 1L, 1L)));
        assertThat(picture.flow().compared()).isEqualTo(2);
        assertThat(picture.flow().flat()).isEqualTo(1);
        assertThat(picture.flow().tied()).isEqualTo(1);
        assertThat(picture.outcomes())
                .containsExactly(new Overview.Reason("OK", null, 3), new Overview.Reason("FAILED", "TOO_FEW_VOTES", 1));
        assertThat(picture.flow().spent()).isEqualTo(16);
        assertThat(picture.flow().allowed()).isEqualTo(32);
    }

    @Test
    void hintedRewardsAreNoRewards() {
        // Given
        Watch watch = watch(100);
        GroupReward hinted = Given.ending("h", GroupStatus.OK, null, NOW, NOW, 6.0, 6.0)
                .setHinted(true)
                .build();

        // When
        watch.reward(hinted, place(), NOW);

        // Then
        assertThat(watch.overview(0).scores()).isEmpty();
        assertThat(watch.overview(0).flow().compared()).isZero();
        assertThat(watch.groups(all("")).getFirst().ending().hinted()).isTrue();
    }

    @Test
    void aSecondRewardOfAGroupChangesNothing() {
        // Given
        Watch watch = watch(100);
        wholeGroup(watch, "a", NOW, 1.0, 2.0, 3.0);
        Overview before = watch.overview(0);

        // When
        watch.reward(Given.reward("a", GroupStatus.FAILED, "X", NOW, NOW + 9, 9.0, 9.0, 9.0), place(), NOW + 1_000);

        // Then
        assertThat(watch.overview(0)).isEqualTo(before);
    }

    @Test
    void theWindowMovesOnAndForgets() {
        // Given
        Watch watch = watch(100);
        wholeGroup(watch, "old", NOW, 1.0, 2.0, 3.0);
        rollouts(watch, "stuck", 3, 3, NOW + 30 * MINUTE);

        // When
        watch.tick(NOW + 61 * MINUTE);

        // Then
        Overview later = watch.overview(0);
        assertThat(later.flow().rewards()).isZero();
        assertThat(later.flow().rollouts()).isEqualTo(3);
        assertThat(later.judges()).isEmpty();
        assertThat(later.reward().count()).isZero();
        assertThat(later.open().groups()).isEqualTo(1);
        assertThat(later.open().oldestMs()).isEqualTo(31 * MINUTE);
        assertThat(watch.places(key("old"))).isEmpty();

        // When
        watch.tick(NOW + 200 * MINUTE);

        // Then
        assertThat(watch.overview(0).slices()).allMatch(slice -> slice.rollouts() == 0);
        assertThat(watch.overview(0).open().groups()).isZero();
        assertThat(watch.overview(0).openBefore()
                        + sum(watch.overview(0), Overview.Slice::opened)
                        - sum(watch.overview(0), Overview.Slice::left))
                .isZero();
    }

    @Test
    void beyondTheLimitTheOldestThatEndedMakeRoom() {
        // Given
        Watch watch = watch(100);
        rollouts(watch, "open", 3, 3, NOW);

        // When
        for (int i = 0; i < 150; i++) {
            wholeGroup(watch, "g" + i, NOW + i, 1.0, 2.0, 3.0);
        }

        // Then
        Overview picture = watch.overview(0);
        assertThat(picture.remembered()).isEqualTo(100);
        assertThat(picture.letGo()).isEqualTo(51);
        assertThat(picture.flow().rewards()).isEqualTo(150);
        assertThat(watch.places(key("open"))).isPresent();
        assertThat(watch.places(key("g0"))).isEmpty();
        assertThat(watch.places(key("g149"))).isPresent();
    }

    @Test
    void openGroupsThatAreLetGoAreNotCountedAsOpenForEver() {
        // Given
        Watch watch = watch(100);

        // When
        for (int i = 0; i < 250; i++) {
            rollouts(watch, "g" + i, 2, 1, NOW + i);
        }

        // Then
        Overview picture = watch.overview(0);
        assertThat(picture.open().groups()).isEqualTo(100);
        assertThat(sum(picture, Overview.Slice::opened) - sum(picture, Overview.Slice::left))
                .isEqualTo(100);
    }

    @Test
    void memoryIsBoundedWhateverTheLabelsAre() {
        // Given
        Timeline timeline = new Timeline(5_000, 720);
        timeline.advance(NOW);

        // When
        for (int i = 0; i < 10_000; i++) {
            timeline.add(NOW, new Count(Tally.DEAD, "reason " + i), 1);
        }

        // Then
        assertThat(timeline.totals()).hasSize(Timeline.MOST_LABELS + 1);
        assertThat(timeline.total(Tally.DEAD)).isEqualTo(10_000);
        assertThat(timeline.totals().get(new Count(Tally.DEAD, Count.OTHER))).isEqualTo(10_000 - Timeline.MOST_LABELS);
    }

    @Test
    void totalsForgetWhatTheWindowForgets() {
        // Given: more than the numbers that Java keeps ready
        Timeline timeline = new Timeline(5_000, 720);
        timeline.advance(NOW);
        timeline.add(NOW, Tally.ROLLOUTS, 100_000);

        // When
        timeline.advance(NOW + 3_700_000);

        // Then
        assertThat(timeline.totals()).isEmpty();
        assertThat(timeline.everBefore(Tally.ROLLOUTS)).isEqualTo(100_000);
    }

    @Test
    void onlySlicesThatChangedAreToldAgain() {
        // Given
        Watch watch = watch(100);
        wholeGroup(watch, "a", NOW, 1.0, 2.0, 3.0);
        wholeGroup(watch, "b", NOW + 20 * MINUTE, 1.0, 2.0, 3.0);
        Overview first = watch.overview(0);

        // When
        wholeGroup(watch, "c", NOW + 20 * MINUTE, 1.0, 2.0, 3.0);

        // Then
        assertThat(first.slices()).hasSize(2);
        Overview changes = watch.overview(first.version());
        assertThat(changes.slices()).hasSize(1);
        assertThat(changes.slices().getFirst().rewards()).isEqualTo(2);
        assertThat(watch.overview(changes.version()).slices()).isEmpty();
    }

    @Test
    void aRolloutThatWasPutAsideOpensNoGroup() {
        // Given
        Watch watch = watch(100);
        Place before = place();
        Place after = place();
        watch.rollout(Given.rollout("a", 9, 2), before, NOW, NOW);

        // When
        watch.deadLetter(dead("INDEX_OUT_OF_RANGE", before), NOW + 10);
        watch.deadLetter(dead("INDEX_OUT_OF_RANGE", after), NOW + 10);
        watch.rollout(Given.rollout("b", 9, 2), after, NOW, NOW + 20);

        // Then
        Overview picture = watch.overview(0);
        assertThat(picture.open().groups()).isZero();
        assertThat(sum(picture, Overview.Slice::opened)).isZero();
        assertThat(picture.flow().rollouts()).isEqualTo(2);
        assertThat(picture.deadLetters()).containsExactly(new Overview.Reason("", "INDEX_OUT_OF_RANGE", 2));
    }

    private DeadLetterLine dead(String reason, Place of) {
        return new DeadLetterLine(
                place(), NOW + 5, reason, "words", "stream-app", "rollouts", of.partition(), of.offset(), "key", 12);
    }

    @Test
    void deadLettersAreListedNewestFirstAndByReasonAndWithinTheLimit() {
        // Given
        Watch watch = watch(100);

        // When
        for (int i = 0; i < 50; i++) {
            watch.deadLetter(dead(i % 2 == 0 ? "A" : "B", new Place(7, i)), NOW + 10);
        }

        // Then
        assertThat(watch.deadLetters("")).hasSize(20);
        assertThat(watch.deadLetters("A")).hasSize(10);
        assertThat(watch.deadLetters("none")).isEmpty();
        assertThat(watch.overview(0).flow().dead()).isEqualTo(50);
    }

    @Test
    void groupsAreFilteredAndSorted() {
        // Given
        Watch watch = watch(100);
        wholeGroup(watch, "quick", NOW, 1.0, 2.0, 3.0);
        rollouts(watch, "Slow-One", 3, 2, NOW + 10);
        watch.reward(
                Given.reward("lost", GroupStatus.TIMEOUT, "TOO_FEW_RESPONSES", NOW - 5, NOW + 2_000, null, null),
                place(),
                NOW + 2_000);
        watch.tick(NOW + 30_000);

        // Then
        assertThat(names(watch, "", "", GroupFilter.Order.NEWEST)).containsExactly("Slow-One", "quick", "lost");
        assertThat(names(watch, "", "", GroupFilter.Order.SLOWEST)).containsExactly("Slow-One", "lost", "quick");
        assertThat(names(watch, "", "", GroupFilter.Order.FAILED)).containsExactly("lost", "Slow-One", "quick");
        assertThat(names(watch, "OPEN", "", GroupFilter.Order.NEWEST)).containsExactly("Slow-One");
        assertThat(names(watch, "ENDED", "", GroupFilter.Order.NEWEST)).containsExactly("quick", "lost");
        assertThat(names(watch, "TIMEOUT", "", GroupFilter.Order.NEWEST)).containsExactly("lost");
        assertThat(names(watch, "", "slow", GroupFilter.Order.NEWEST)).containsExactly("Slow-One");
        assertThat(watch.groups(new GroupFilter("other", "", "", GroupFilter.Order.NEWEST, 9)))
                .isEmpty();
    }

    private static List<String> names(Watch watch, String state, String text, GroupFilter.Order order) {
        return watch.groups(new GroupFilter("", state, text, order, 10)).stream()
                .map(line -> line.id().group())
                .toList();
    }

    @Test
    void lagThatIsNotKnownIsNotZero() {
        // Given
        Watch watch = watch(100);

        // When
        watch.lag(
                List.of(
                        lag("g", "rollouts", 0, OptionalLong.of(5), OptionalDouble.of(2)),
                        lag("g", "rollouts", 1, OptionalLong.of(7), OptionalDouble.of(3)),
                        lag("g", "critiques", 0, OptionalLong.empty(), OptionalDouble.empty())),
                NOW);
        watch.lagUnknown("no broker answers");

        // Then
        Overview.Lag lag = watch.overview(0).lag();
        assertThat(lag.trouble()).isEqualTo("no broker answers");
        assertThat(lag.atMs()).isEqualTo(NOW);
        assertThat(lag.lines())
                .containsExactly(
                        new Overview.LagLine("g", PartitionLag.Kind.CONSUMER, "rollouts", 2, 12L, 3.0),
                        new Overview.LagLine("g", PartitionLag.Kind.CONSUMER, "critiques", 1, null, null));
        assertThat(watch.overview(0).slices().getLast().lag()).containsExactly(Map.entry("g on rollouts", 12L));
    }

    private static PartitionLag lag(
            String group, String topic, int partition, OptionalLong records, OptionalDouble seconds) {
        return new PartitionLag(
                group, PartitionLag.Kind.CONSUMER, topic, partition, OptionalLong.of(1), 9, records, seconds);
    }

    @Test
    void aGroupsPlacesAreThoseOfItsRecords() {
        // Given
        Watch watch = watch(100);

        // When
        wholeGroup(watch, "a", NOW, 1.0, 2.0, 3.0);

        // Then
        GroupPlaces places = watch.places(key("a")).orElseThrow();
        assertThat(places.rollouts()).extracting(Place::offset).containsExactly(0L, 1L, 2L);
        assertThat(places.critiques()).extracting(Place::offset).containsExactly(3L, 4L);
        assertThat(places.reward()).isEqualTo(new Place(0, 5));
        assertThat(places.line().usable()).isEqualTo(1);
        assertThat(places.line().unusable()).isEqualTo(1);
    }
}
