/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.train;

import dev.kritik.lm.torch.TrainableDecoder.Part;

/** A trainee's gradients, which nobody but tests reads. */
public final class Gradients {

    private Gradients() {}

    /** A copy of a weight's gradient, by Hugging Face's name of it. */
    public static float[] of(Trainee trainee, String weight) {
        return trainee.values(weight, Part.GRADIENT);
    }
}
