/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.Map;

/**
 * What a recorded judge has done so far.
 *
 * @param requests requests that have come to an end
 * @param outcomes how they ended; every outcome is named
 * @param inService requests in service now
 * @param mostInService most requests that were in service at once
 * @param waiting requests that wait for a place now
 */
public record Stats(long requests, Map<Outcome, Long> outcomes, int inService, int mostInService, int waiting) {

    /** How many requests ended so. */
    public long of(Outcome outcome) {
        return outcomes.get(outcome);
    }
}
