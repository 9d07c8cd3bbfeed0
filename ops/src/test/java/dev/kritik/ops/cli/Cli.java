/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import dev.kritik.ops.Kritik;

/**
 * What one run of the {@code kritik} command gave.
 *
 * @param code its exit code
 * @param out what it printed on stdout
 * @param err what it printed on stderr
 */
public record Cli(int code, String out, String err) {

    /** Runs a command inside this JVM. */
    public static Cli run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Kritik.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Cli(code, out.toString(), err.toString());
    }
}
