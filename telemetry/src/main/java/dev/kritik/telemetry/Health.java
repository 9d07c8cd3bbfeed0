/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import java.util.Optional;

/** How a role is. Asked by many threads, often; answers at once, without I/O. */
public interface Health {

    /** Why the process can't go on and should be started anew; empty while it can. */
    Optional<String> dead();

    /** Why the role does no work of its own at the moment; empty while it does. */
    Optional<String> idle();

    /**
     * Why a rolling restart should wait before it goes on to the next instance; empty once this one has taken up what falls to
     * it. Differs from {@link #idle} where that may be nothing.
     */
    default Optional<String> unsettled() {
        return idle();
    }
}
