/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.List;

import dev.kritik.client.Advantages;
import dev.kritik.trainer.judge.Output;

/**
 * The outputs of one query.
 *
 * @param outputs as many as {@code rl.group.size} says
 */
record OutputGroup(List<Output> outputs) {

    double[] rewards() {
        return outputs.stream().mapToDouble(output -> output.verdict().reward()).toArray();
    }

    double[] advantages() {
        return Advantages.GRPO.of(rewards());
    }

    /** Whether all are right, or all wrong: nothing can be learnt from comparing them. */
    boolean flat() {
        return Advantages.flat(rewards());
    }

    boolean allRight() {
        return outputs.stream().allMatch(output -> output.verdict().correct());
    }
}
