/* SPDX-License-Identifier: Apache-2.0 */
/** Training data: JSON Lines in, tokens out; what can't be used is refused or counted, never cut. */
package dev.kritik.trainer.data;
