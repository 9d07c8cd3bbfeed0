/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.kritik.stream.core.Vote.Ballot;
import dev.kritik.stream.core.Vote.Result;

class VoteTest {

    @Test
    void sumsTheFirstExampleOfThePaper() {
        int[][] samples = {{1, 5}, {5, 6}, {4, 8}, {7, 6}};

        assertThat(sums(samples, null, 0)).containsExactly(17L, 25L);
    }

    @Test
    void keepsTheSamplesOfTheFirstExampleThatTheMetaRmPrefers() {
        int[][] samples = {{1, 5}, {5, 6}, {4, 8}, {7, 6}};
        Double[] logits = {2.0, -1.0, 1.0, -2.0};

        assertThat(sums(samples, logits, 2)).containsExactly(5L, 13L);
        assertThat(sums(samples, logits, null)).containsExactly(5L, 13L);
    }

    @Test
    void votesOnTheSecondExampleOfThePaper() {
        // Given: the scores as restored from the order in which each sample showed the responses
        int[][] samples = {{8, 8}, {5, 9}, {7, 10}};
        Double[] logits = {-15.7781, 1.3126, 1.6739};

        assertThat(sums(samples, null, 0)).containsExactly(20L, 27L);
        assertThat(sums(samples, logits, 0)).containsExactly(20L, 27L);
        assertThat(sums(samples, logits, 2)).containsExactly(12L, 19L);
        assertThat(sums(samples, logits, 1)).containsExactly(7L, 10L);
    }

    @Test
    void keepsHalfOfTheValidBallotsRoundedDownButAtLeastOne() {
        assertThat(Vote.count(List.of(new Ballot(0, 3, 0.5)), null).kept()).containsExactly(0);
        assertThat(Vote.count(ballots(5, true), null).kept()).hasSize(2);
        assertThat(Vote.count(ballots(8, true), null).kept()).hasSize(4);
    }

    @Test
    void keepsAllWhereNoMetaRmSpoke() {
        assertThat(Vote.count(ballots(5, false), null).kept()).hasSize(5);
        assertThat(Vote.count(ballots(5, false), 2).kept()).hasSize(5);
    }

    @Test
    void ranksABallotWithoutALogitLastAndTheLowerSampleFirstAmongEquals() {
        List<Ballot> ballots = List.of(
                new Ballot(0, 1, null), new Ballot(3, 2, -50.0), new Ballot(2, 3, -50.0), new Ballot(1, 4, -60.0));

        assertThat(Vote.count(ballots, 1).kept()).containsExactly(2);
        assertThat(Vote.count(ballots, 3).kept()).isEqualTo(Set.of(1, 2, 3));
    }

    @Test
    void keepsNoMoreThanThereAre() {
        assertThat(Vote.count(ballots(3, true), 10).kept()).hasSize(3);
        assertThat(Vote.count(List.of(), null).kept()).isEmpty();
    }

    @Test
    void givesTheSampleStandardDeviation() {
        List<Ballot> ballots = List.of(new Ballot(0, 2, null), new Ballot(1, 4, null), new Ballot(2, 9, null));

        assertThat(Vote.count(ballots, null).spread().orElseThrow()).isCloseTo(Math.sqrt(13), within(1e-12));
        assertThat(Vote.count(ballots.subList(0, 1), null).spread()).isEmpty();
        assertThat(Vote.count(List.of(new Ballot(0, 7, null), new Ballot(1, 7, null)), null)
                        .spread()
                        .orElseThrow())
                .isZero();
    }

    @Test
    void comparesMeansExactlyWhateverTheNumbersOfBallots() {
        Result third = Vote.count(List.of(new Ballot(0, 1, null), new Ballot(1, 1, null), new Ballot(2, 2, null)), 0);
        List<Ballot> six = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            six.add(new Ballot(i, i < 4 ? 1 : 2, null));
        }

        assertThat(third.compareMean(Vote.count(six, 0))).isZero();
        assertThat(third.compareMean(Vote.count(List.of(new Ballot(0, 1, null)), 0)))
                .isPositive();
    }

    private static List<Ballot> ballots(int count, boolean logits) {
        List<Ballot> ballots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ballots.add(new Ballot(i, i + 1, logits ? (Double) (double) i : null));
        }
        return ballots;
    }

    private static List<Long> sums(int[][] samples, Double[] logits, Integer kMeta) {
        List<Long> sums = new ArrayList<>();
        for (int response = 0; response < samples[0].length; response++) {
            List<Ballot> ballots = new ArrayList<>();
            for (int sample = 0; sample < samples.length; sample++) {
                ballots.add(new Ballot(sample, samples[sample][response], logits == null ? null : logits[sample]));
            }
            sums.add(Vote.count(ballots, kMeta).sum());
        }
        return sums;
    }
}
