/* SPDX-License-Identifier: Apache-2.0 */
/** What benches have measured, as text and drawings: {@code kritik bench report}. */
package dev.kritik.ops.bench.report;
