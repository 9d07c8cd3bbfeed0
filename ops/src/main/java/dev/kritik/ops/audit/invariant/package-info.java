/* SPDX-License-Identifier: Apache-2.0 */
/** What an installation promises, decided from what stands on its topics and in the ledger: pure, without Kafka and clock. */
package dev.kritik.ops.audit.invariant;
