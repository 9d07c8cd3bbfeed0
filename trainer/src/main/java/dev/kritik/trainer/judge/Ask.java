/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.judge;

import dev.kritik.trainer.data.RlTask;
import dev.kritik.trainer.data.ShownOrder;

/**
 * An output to write.
 *
 * @param task what is judged
 * @param order in which the prompt shows the responses
 * @param prompt its tokens
 * @param seed of the drawing
 */
@SuppressWarnings("ArrayRecordComponent") // tokens are not copied
public record Ask(RlTask task, ShownOrder order, int[] prompt, long seed) {}
