/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

import dev.kritik.trainer.data.ShownOrder;
import dev.kritik.trainer.data.Truth;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

/** Eq. 10: what is rewarded. */
class VerdictTest {

    private static final ShownOrder AS_IS = new ShownOrder(List.of(0, 1));
    private static final ShownOrder REVERSED = new ShownOrder(List.of(1, 0));

    @Test
    void theBestMustStandStrictlyAboveAllOthers() {
        assertThat(verdict("\\boxed{8, 9}", AS_IS, new Truth.Best(1)).reward()).isEqualTo(1);
        assertThat(verdict("\\boxed{9, 8}", AS_IS, new Truth.Best(1)).reward()).isEqualTo(-1);
        Verdict tie = verdict("\\boxed{9, 9}", AS_IS, new Truth.Best(1));
        assertThat(tie.reward()).isEqualTo(-1);
        assertThat(tie.tie()).isTrue();
    }

    @Test
    void scoresAreMappedBackBeforeTheyAreHeldAgainstTheTruth() {
        Verdict verdict = verdict("\\boxed{9, 5}", REVERSED, new Truth.Best(1));

        assertThat(verdict.scores()).containsExactly(5, 9);
        assertThat(verdict.correct()).isTrue();
    }

    @Test
    void aTieBelowTheTopDoesNotMatter() {
        ShownOrder three = new ShownOrder(List.of(2, 1, 0));

        Verdict verdict = verdict("\\boxed{3, 3, 7}", three, new Truth.Best(0));

        assertThat(verdict.correct()).isTrue();
        assertThat(verdict.tie()).isFalse();
    }

    @Test
    void aSingleResponseMustGetTheScoreOfItsLabel() {
        ShownOrder one = new ShownOrder(List.of(0));

        assertThat(verdict("\\boxed{7}", one, new Truth.Score(7)).reward()).isEqualTo(1);
        assertThat(verdict("\\boxed{8}", one, new Truth.Score(7)).reward()).isEqualTo(-1);
        assertThat(verdict("\\boxed{7}", one, new Truth.Score(7)).tie()).isFalse();
    }

    @Test
    void whatCantBeReadIsWrongAndKeepsItsReason() {
        Verdict none = verdict("no scores", AS_IS, new Truth.Best(0));
        Verdict count = verdict("\\boxed{9}", AS_IS, new Truth.Best(0));
        Verdict cut = Verdict.of(ScoreParser.parse("\\boxed{9, 1}", 2, "length"), AS_IS, new Truth.Best(0));

        assertThat(List.of(none, count, cut)).allSatisfy(verdict -> {
            assertThat(verdict.reward()).isEqualTo(-1);
            assertThat(verdict.scores()).isEmpty();
        });
        assertThat(none.invalid()).contains(Parsed.Reason.NO_BOX);
        assertThat(count.invalid()).contains(Parsed.Reason.COUNT_MISMATCH);
        assertThat(cut.invalid()).contains(Parsed.Reason.TRUNCATED);
    }

    private static Verdict verdict(String text, ShownOrder order, Truth truth) {
        return Verdict.of(ScoreParser.parse(text, order.indices().size(), "stop"), order, truth);
    }
}
