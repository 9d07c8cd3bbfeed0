/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.text.TextStream;

/** A text that is being written. */
final class Row {

    final long id;
    final GenerateRequest request;
    final CompletableFuture<Generated> future;
    final TextStream text;
    /** Most tokens to write: as many as asked for, or as the context holds. */
    final int most;

    final long begun;
    Group group;
    /** Tokens of the prompt that are computed; those of its segment count from the begin, see {@link Segment#ready}. */
    int filled;
    /** Tokens of the prompt that were there already, or were computed for others too. */
    int shared;

    private int[] tokens = new int[16];
    private float[] logProbs = new float[16];
    private int count;

    Row(long id, GenerateRequest request, CompletableFuture<Generated> future, TextStream text, int most) {
        this.id = id;
        this.request = request;
        this.future = future;
        this.text = text;
        this.most = most;
        this.begun = System.nanoTime();
    }

    /** Tokens in its group's cache: those of the prompt behind the segment, and all that were drawn but the newest. */
    int own() {
        return filled - group.shared() + Math.max(0, count - 1);
    }

    int count() {
        return count;
    }

    int newest() {
        return tokens[count - 1];
    }

    float newestLogProb() {
        return logProbs[count - 1];
    }

    void add(int token, float logProb) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            logProbs = Arrays.copyOf(logProbs, 2 * count);
        }
        tokens[count] = token;
        logProbs[count] = logProb;
        count++;
    }

    Generated generated(Finish finish) {
        return new Generated(
                text.text(),
                Arrays.copyOf(tokens, count),
                Arrays.copyOf(logProbs, count),
                finish,
                request.prompt().length,
                shared,
                (System.nanoTime() - begun) / 1_000_000);
    }
}
