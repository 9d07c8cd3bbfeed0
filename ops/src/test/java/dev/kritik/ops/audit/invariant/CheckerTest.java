/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class CheckerTest {

    @Test
    void whereAllIsWellNothingIsFound() {
        // When
        World world = Worlds.eventful();
        Checker.Verdict verdict = world.verdict(world.terms());
        // Then
        assertThat(verdict.findings().violations()).isEmpty();
        // And: much did happen
        assertThat(verdict.totals().get("groups_by_status").toString()).contains("OK", "PARTIAL", "FAILED", "TIMEOUT");
        assertThat(verdict.totals().get("groups_by_stop_reason").toString())
                .contains("ALL_SAMPLES", "EVALUATION_DEADLINE", "COLLECTION_DEADLINE", "NOTHING_TO_JUDGE", "RULED");
        assertThat(verdict.totals().get("dead_letters_by_reason").toString())
                .contains("LATE", "K_OUT_OF_RANGE", "CONFLICTING_DUPLICATE", "GROUP_SIZE_CONTRADICTS", "NOT_FRAMED");
        assertThat((Long) verdict.totals().get("critiques_repeated")).isEqualTo(4);
        assertThat((Long) verdict.totals().get("critiques_late")).isPositive();
    }

    @Test
    void aJuryIsRecomputedOnItsOwnScale() {
        World world = Worlds.jury();
        assertThat(world.verdict(world.terms()).findings().violations()).isEmpty();
        assertThat(world.rewards)
                .anySatisfy(
                        record -> assertThat(record.value.getJury().getFirst().getFactor())
                                .isNotEqualTo(1.0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsFoundInWhateverChanceBrings(long seed) {
        World world = Worlds.random(seed);
        assertThat(world.verdict(world.terms()).findings().violations()).isEmpty();
        assertThat((Map<?, ?>) world.verdict(world.terms()).totals()).isNotEmpty();
    }

    /** A registry may lose schemas: what is answered is answered, and what is lost is lost. */
    @Test
    void whatCantBeReadAnyMoreIsWhatTheLedgerSays() {
        // Given
        World world = Worlds.eventful();
        // When: after the application had read it
        world.rollouts("plain").get(1).value = null;
        // Then
        assertThat(world.verdict(world.terms()).findings().violations()).isEmpty();
        // When: it had not
        world.sendPastTheApplication(20_000, Worlds.member("unread", 0, 1).build());
        world.run();
        world.rollouts("unread").getFirst().value = null;
        // Then
        assertThat(world.broken(world.terms())).containsExactly(Invariant.I1);
    }
}
