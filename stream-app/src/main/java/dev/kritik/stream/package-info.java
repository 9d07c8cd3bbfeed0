/* SPDX-License-Identifier: Apache-2.0 */
/** The stream application as a process: configuration, start, stop, health. */
package dev.kritik.stream;
