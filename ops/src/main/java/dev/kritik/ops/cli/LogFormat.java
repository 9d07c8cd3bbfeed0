/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

/** How the log is written. */
enum LogFormat {
    /** A line for people, keys and values at its end. */
    TEXT,
    /** JSON Lines, see {@link JsonLines}. */
    JSON
}
