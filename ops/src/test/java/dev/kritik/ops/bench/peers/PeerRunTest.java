/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.judge.Outcome;

/** What is made of the rewards that a contender told. */
class PeerRunTest {

    private static final Work WORK = Work.of(5, 2, 0, 7);

    /** Each rollout gets its right reward; the first of them after one second, the next after two, and so on. */
    private static List<Told> allRight() {
        List<Told> told = new ArrayList<>();
        for (Item item : WORK.items()) {
            told.add(new Told(item.id(), (double) item.expected(), null, told.size() + 1));
        }
        return told;
    }

    private static PeerRun run(List<Told> told) {
        return PeerRun.of(1, "some", 0, WORK, new Attempt("1.0", Map.of(), "nothing", told, 20), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "7,RIGHT",
        "6,WRONG",
        "1,WRONG",
        "7.5,WRONG",
        "0,DEFAULT",
        "-1,DEFAULT",
        "11,DEFAULT",
        ",SAID",
        "NaN,SAID"
    })
    void aRewardIsHeldAgainstTheJudgesScore(Double reward, Fate fate) {
        Item item = new Item("q0/0", 0, 0, "?", "!", 7, 0);

        assertThat(Fate.of(item, new Told("q0/0", reward, null, 1))).isEqualTo(fate);
    }

    @Test
    void whatWasNeverToldIsLost() {
        assertThat(Fate.of(WORK.items().getFirst(), null)).isEqualTo(Fate.LOST);
    }

    @Test
    void theRateIsTakenUntilNineOfTenAreThere() {
        assertThat(run(allRight()).rewardsPerSecond()).isCloseTo(1, within(1e-9));
        // The last one hardly counts, however late it is.
        List<Told> late = allRight();
        late.set(9, new Told("q4/1", late.get(9).reward(), null, 19));
        assertThat(run(late).rewardsPerSecond()).isCloseTo(1, within(1e-9));
    }

    @Test
    void whereNineOfTenNeverComeTheWholeRunCounts() {
        assertThat(run(allRight().subList(0, 8)).rewardsPerSecond()).isCloseTo(8 / 20.0, within(1e-9));
        assertThat(run(List.of()).rewardsPerSecond()).isZero();
    }

    @Test
    void aGroupIsWholeOrHarmedOrNeither() {
        // Given: a default in group 0, a wrong score in group 1, nothing for a member of group 2, a null in group 3
        List<Told> told = allRight();
        told.set(0, new Told("q0/0", 0.0, "flag error", 1));
        told.set(2, new Told("q1/0", 1.0 + WORK.items().get(2).expected() % 10, null, 3));
        told.set(6, new Told("q3/0", null, "said so", 7));
        told.remove(4);

        // When
        PeerRun run = run(told);

        // Then
        assertThat(run.fates())
                .isEqualTo(Map.of(Fate.RIGHT, 6, Fate.WRONG, 1, Fate.DEFAULT, 1, Fate.SAID, 1, Fate.LOST, 1));
        assertThat(run.wholeGroups()).isEqualTo(1);
        assertThat(run.harmedGroups()).isEqualTo(2);
        assertThat(run.groupLatencyMs().orElseThrow().max()).isEqualTo(10_000);
        assertThat(run.reasons()).isEqualTo(Map.of("flag error", 1, "said so", 1));
    }

    @Test
    void theFirstWordOnARolloutCounts() {
        List<Told> told = allRight();
        told.add(new Told("q0/0", 0.0, "again", 11));

        PeerRun run = run(told);

        assertThat(run.count(Fate.RIGHT)).isEqualTo(10);
        assertThat(run.reasons()).isEmpty();
    }

    @Test
    void theObjectSaysAllOfIt() {
        PeerRun run = PeerRun.of(
                2,
                "some",
                0.6,
                WORK,
                new Attempt("1.0", Map.of("tries", 3), "the client", allRight(), 20),
                Map.of(Outcome.HANG, 4L));

        assertThat(run.object())
                .containsEntry("bench", "peers")
                .containsEntry("contender", "some")
                .containsEntry("round", 2)
                .containsEntry("load", 0.6)
                .containsEntry("settings", Map.of("tries", 3))
                .containsEntry("right", 10)
                .containsEntry("default", 0)
                .containsEntry("judge", Map.of(Outcome.HANG, 4L));
        assertThat(run(List.of()).object()).containsEntry("load", "all at once").containsEntry("latency_ms", null);
    }
}
