/* SPDX-License-Identifier: Apache-2.0 */
/** Inference-time scaling: what more samples, and a Meta RM that filters them, make of a judge. */
package dev.kritik.trainer.scaling;
