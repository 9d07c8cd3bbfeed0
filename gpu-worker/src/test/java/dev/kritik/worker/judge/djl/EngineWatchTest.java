/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.djl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.GenerationException.Reason;

class EngineWatchTest {

    private final EngineWatch watch = new EngineWatch("m");

    private static GenerationException engineFailure() {
        return new GenerationException(
                Reason.ENGINE, "the engine failed: CUDA error", new IllegalStateException("CUDA error"));
    }

    private void fail(Throwable failure) {
        var unused = watch.over(CompletableFuture.failedFuture(failure));
    }

    private void succeed() {
        var unused = watch.over(CompletableFuture.completedFuture("text"));
    }

    private boolean gone() {
        return watch.gone().toCompletableFuture().isDone();
    }

    @Test
    void anEngineThatFailsAgainAndAgainIsGone() {
        for (int i = 1; i < EngineWatch.FAILURES; i++) {
            fail(engineFailure());
        }
        assertThat(gone()).isFalse();

        fail(engineFailure());

        assertThat(gone()).isTrue();
    }

    @Test
    void aResultInBetweenShowsThatItIsThere() {
        for (int i = 1; i < 3 * EngineWatch.FAILURES; i++) {
            fail(engineFailure());
            if (i % (EngineWatch.FAILURES - 1) == 0) {
                succeed();
            }
        }

        assertThat(gone()).isFalse();
    }

    @Test
    void oneFailureThatEndsManyTextsCountsOnce() {
        GenerationException outOfMemory = engineFailure();

        for (int row = 0; row < 32; row++) {
            fail(outOfMemory);
        }

        assertThat(gone()).isFalse();
    }

    @Test
    void whatIsWrongWithOneTextSaysNothingOfTheEngine() {
        for (int i = 0; i < 2 * EngineWatch.FAILURES; i++) {
            fail(new GenerationException(Reason.ENGINE, "values that are not numbers"));
            fail(new GenerationException(Reason.PROMPT_TOO_LONG, "too long", new IllegalStateException()));
            fail(new GenerationException(Reason.BUSY, "busy", new IllegalStateException()));
            fail(new IllegalStateException("of our own"));
        }

        assertThat(gone()).isFalse();
    }
}
