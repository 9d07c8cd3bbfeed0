/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import dev.kritik.lm.EngineException;

/** Has something done on a device's thread, and waits for it. */
public final class OnThread {

    private OnThread() {}

    /**
     * What the task gives; its unchecked exceptions come through as they are. An interrupt is kept for later: what was
     * begun on a device is always waited for.
     */
    public static <T> T call(ExecutorService thread, Callable<T> task) {
        Future<T> future = thread.submit(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case RuntimeException cause -> throw cause;
                        case Error cause -> throw cause;
                        default -> throw new EngineException(e.getCause().toString(), e.getCause());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
