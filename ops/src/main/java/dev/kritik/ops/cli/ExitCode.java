/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

/** The exit codes of every command. */
public final class ExitCode {

    /** Done. */
    public static final int OK = 0;

    /** The command ran, and the result is negative. */
    public static final int FAILURE = 1;

    /** The command line or the configuration can't be used; nothing was done. */
    public static final int USAGE = 2;

    /** Interrupted, as by Ctrl-C: 128 + SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
