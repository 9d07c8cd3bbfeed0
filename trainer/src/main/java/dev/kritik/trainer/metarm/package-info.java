/* SPDX-License-Identifier: Apache-2.0 */
/** The Meta RM: a scalar head that says how likely a sample is right. */
package dev.kritik.trainer.metarm;
