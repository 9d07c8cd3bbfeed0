/* SPDX-License-Identifier: Apache-2.0 */
/** What kritik-nano begins with. */
package dev.kritik.trainer.nano;
