/* SPDX-License-Identifier: Apache-2.0 */
/** The ledger of what was sent, and {@code kritik audit}, which holds the topics against it. */
package dev.kritik.ops.audit;
