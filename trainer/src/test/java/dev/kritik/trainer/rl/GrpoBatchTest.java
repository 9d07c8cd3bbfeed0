/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import static dev.kritik.trainer.rl.Aggregation.CONSTANT;
import static dev.kritik.trainer.rl.Aggregation.SEQUENCE;
import static dev.kritik.trainer.rl.Aggregation.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.schema.Message;
import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.data.Truth;
import dev.kritik.trainer.judge.Ask;
import dev.kritik.trainer.judge.Output;
import dev.kritik.trainer.judge.Verdict;

class GrpoBatchTest {

    private static final RlTask TASK =
            new RlTask("t", List.of(new Message("user", "q")), null, List.of("a", "b"), new Truth.Best(0));
    private static final int MOST = 10;
    private static final OutputGroup MIXED = group(new int[] {2, 5}, true, false);
    private static final OutputGroup FLAT = group(new int[] {4, 4}, true, true);

    @Test
    void eachOutputCountsAlikeHoweverLongItIs() {
        GrpoBatch batch = GrpoBatch.of(List.of(MIXED, MIXED), false, SEQUENCE, MOST);

        assertThat(batch.samples())
                .hasSize(4)
                .allSatisfy(sample -> assertThat(
                                sample.tokenWeight() * sample.sequence().written())
                        .isEqualTo(0.25, within(1e-12)));
        assertThat(batch.samples())
                .extracting(RlSequence::advantage)
                .map(Math::signum)
                .containsExactly(1.0, -1.0, 1.0, -1.0);
    }

    @Test
    void orEachTokenCountsAlike() {
        GrpoBatch batch = GrpoBatch.of(List.of(MIXED), false, TOKEN, MOST);

        assertThat(batch.samples()).extracting(RlSequence::tokenWeight).containsOnly(1.0 / 7);
    }

    @Test
    void orNoLengthIsDividedByButTheMostThereMayBe() {
        GrpoBatch batch = GrpoBatch.of(List.of(MIXED, FLAT), false, CONSTANT, MOST);

        assertThat(batch.samples()).extracting(RlSequence::tokenWeight).containsOnly(1.0 / (4 * MOST));
    }

    @ParameterizedTest
    @EnumSource
    void outputsWithoutTokensHaveNoWeight(Aggregation aggregation) {
        assertThatThrownBy(() -> aggregation.weight(0, 4, 7, MOST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an output of 0 tokens among 4 of 7");
    }

    @Test
    void flatGroupsAreLeftOutAndTheOthersWeighNoMoreForThat() {
        GrpoBatch without = GrpoBatch.of(List.of(MIXED, FLAT), false, SEQUENCE, MOST);
        GrpoBatch with = GrpoBatch.of(List.of(MIXED, FLAT), true, SEQUENCE, MOST);

        assertThat(without.samples()).hasSize(2);
        assertThat(with.samples()).hasSize(4);
        assertThat(without.samples().getFirst().tokenWeight())
                .isEqualTo(with.samples().getFirst().tokenWeight());
        assertThat(with.samples().getLast().advantage()).isZero();
        assertThat(GrpoBatch.of(List.of(FLAT), false, SEQUENCE, MOST).samples()).isEmpty();
    }

    @Test
    void theOldPolicyIsThatOfTheSampling() {
        RlSequence sample =
                GrpoBatch.of(List.of(MIXED), false, SEQUENCE, MOST).samples().getFirst();

        assertThat(sample.sequence().tokens()).containsExactly(1, 2, 3, 9, 9);
        assertThat(sample.sequence().promptLength()).isEqualTo(3);
        assertThat(sample.oldLogProbs()).containsExactly(-0.5f, -0.5f);
    }

    private static OutputGroup group(int[] lengths, boolean... correct) {
        return new OutputGroup(IntStream.range(0, lengths.length)
                .mapToObj(i -> output(lengths[i], correct[i]))
                .toList());
    }

    private static Output output(int length, boolean correct) {
        int[] tokens = new int[length];
        Arrays.fill(tokens, 9);
        float[] logProbs = new float[length];
        Arrays.fill(logProbs, -0.5f);
        return new Output(
                new Ask(TASK, new ShownOrder(List.of(0, 1)), new int[] {1, 2, 3}, 0),
                new Generated("", tokens, logProbs, Generated.Finish.STOP, 3, 0, 0),
                new Verdict(correct, false, Optional.empty(), List.of(correct ? 2 : 1, correct ? 1 : 2)));
    }
}
