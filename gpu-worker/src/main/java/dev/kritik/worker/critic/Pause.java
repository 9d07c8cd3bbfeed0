/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import java.time.Duration;

/** Lets time pass between tries. */
@FunctionalInterface
interface Pause {

    void pause(Duration time) throws InterruptedException;
}
