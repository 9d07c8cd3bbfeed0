/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.GenerationException;

/**
 * One sample that has ended.
 *
 * @param number from 0
 * @param seed its seed
 * @param generated what was written; null when it failed
 * @param failure why it failed; null when it did not
 */
record Sample(int number, long seed, Generated generated, GenerationException failure) {}
