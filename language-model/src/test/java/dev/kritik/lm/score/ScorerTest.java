/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.kritik.lm.ScorerSettings;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.GenerationException.Reason;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Fixture;
import dev.kritik.lm.torch.OnThread;

class ScorerTest {

    private static final Instant LATER = Instant.MAX;

    private Decoder decoder;
    private Scorer scorer;

    private Fixture open(String name, ScorerSettings settings) throws IOException {
        Fixture fixture = Fixture.of(name);
        decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE);
        scorer = new Scorer(decoder, settings, InstantSource.system());
        return fixture;
    }

    @AfterEach
    void close() {
        scorer.close();
        decoder.close();
    }

    @Test
    void textsOfAllLengthsHaveTheSameScoresTogetherAsAlone() throws Exception {
        // Given: batches of at most 64 tokens
        open("gemma2-score", new ScorerSettings(64, Duration.ofMillis(20), 100));
        Random random = new Random(3);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            texts.add(random.ints(random.nextInt(1, 90), 5, 290).toArray());
        }
        List<Double> alone = new ArrayList<>();
        for (int[] text : texts) {
            alone.add(OnThread.call(decoder.thread(), () -> decoder.scores(List.of(text)))[0]);
        }
        // When
        List<CompletableFuture<Float>> scores = new ArrayList<>();
        for (int[] text : texts) {
            scores.add(scorer.score("t", text, LATER));
        }
        // Then
        for (int i = 0; i < texts.size(); i++) {
            assertThat((double) scores.get(i).get(20, TimeUnit.SECONDS)).isCloseTo(alone.get(i), within(1e-4));
        }
    }

    @Test
    void aTextThatIsTooLongAndOneThatIsTooLateAreRefused() throws Exception {
        // Given
        open("llama-score", ScorerSettings.defaults());
        // When, Then
        assertReason(scorer.score("long", new int[decoder.config().maxPositions() + 1], LATER), Reason.PROMPT_TOO_LONG);
        assertReason(scorer.score("late", new int[] {1}, Instant.now().minusSeconds(1)), Reason.DEADLINE);
    }

    @Test
    void closingEndsWhatWaits() throws Exception {
        // Given
        open("llama-score", new ScorerSettings(8192, Duration.ofMinutes(1), 10));
        CompletableFuture<Float> score = scorer.score("t", new int[] {1, 2}, LATER);
        // When
        scorer.close();
        // Then
        assertReason(score, Reason.CLOSED);
    }

    private static void assertReason(CompletableFuture<Float> score, Reason reason) {
        assertThat(score)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        GenerationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
