/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

/**
 * What one process held at one moment.
 *
 * @param timeMs when, epoch milliseconds
 * @param process its name in the run; one that was started again keeps it
 * @param pid its process id
 * @param residentBytes memory of its own that it held; files that it has mapped, as brokers do, are not counted
 * @param openFiles files, sockets and pipes that it had open
 * @param threads its threads
 * @param cpuMs processor time since its start
 * @param stateBytes bytes of the files in its folder; 0 without one
 */
public record Sample(
        long timeMs,
        String process,
        long pid,
        long residentBytes,
        long openFiles,
        long threads,
        long cpuMs,
        long stateBytes) {}
