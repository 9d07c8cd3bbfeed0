/* SPDX-License-Identifier: Apache-2.0 */
/** How much of a judge Kritik uses, and what it adds to its time: {@code kritik bench saturation}. */
package dev.kritik.ops.bench.saturation;
