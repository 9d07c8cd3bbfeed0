/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.vitals;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Collects the garbage of other Java processes, with the JDK's {@code jcmd}. */
final class Garbage {

    private static final Logger LOG = LoggerFactory.getLogger(Garbage.class);

    private static final long PATIENCE_S = 20;

    private Garbage() {}

    /** Returns when it is done, or could not be done. */
    static void collect(long pid) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            try {
                if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    LOG.atInfo().addKeyValue("pid", pid).log("a process did not collect its garbage");
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("garbage can't be collected");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
