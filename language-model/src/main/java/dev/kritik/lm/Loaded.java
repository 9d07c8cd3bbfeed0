/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm;

import dev.kritik.lm.checkpoint.Checkpoint;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.torch.Decoder;

/** A checkpoint that is in memory: its tokenizer, and its weights on a device. What is made of them is closed before. */
public record Loaded(Checkpoint checkpoint, Tokenizer tokenizer, Decoder decoder) implements AutoCloseable {

    /**
     * Loads a checkpoint; returns when its weights are on the device.
     *
     * @throws dev.kritik.lm.checkpoint.CheckpointException when it can't be used; says what is wrong
     * @throws EngineException when PyTorch or the device can't be used
     */
    public static Loaded load(Checkpoint checkpoint, EngineSettings engine) {
        Tokenizer tokenizer = Tokenizer.open(checkpoint.tokenizerFile());
        try {
            return new Loaded(checkpoint, tokenizer, Decoder.load(checkpoint, engine));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public void close() {
        decoder.close();
        tokenizer.close();
    }
}
