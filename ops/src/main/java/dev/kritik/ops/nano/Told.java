/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

/** Notes that the process was told to end (Ctrl-C, SIGTERM), so that nothing new is begun while it ends. */
final class Told implements AutoCloseable {

    private final Thread hook = new Thread(this::ending, "nano-ending");
    private volatile boolean came;

    /** From now on. */
    Told() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What the signal does. */
    void ending() {
        came = true;
    }

    /** Whether it was. */
    boolean came() {
        return came;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook is at work.
        }
    }
}
