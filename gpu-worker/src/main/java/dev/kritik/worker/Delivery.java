/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker;

import java.util.Optional;

import dev.kritik.schema.TraceContext;

/**
 * How a request came here.
 *
 * @param number how often it has been delivered, from 1; 0 when the source does not count
 * @param worker who has it
 * @param trace the trace to which it belongs
 */
public record Delivery(int number, String worker, Optional<TraceContext> trace) {

    /** One that belongs to no trace. */
    public Delivery(int number, String worker) {
        this(number, worker, Optional.empty());
    }

    /** The trace as a hop of this delivery sends it on; work that is done again in another delivery is another hop. */
    public Optional<TraceContext> next(String hop) {
        return trace.map(context -> context.next(hop + " " + number));
    }
}
