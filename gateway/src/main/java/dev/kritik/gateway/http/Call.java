/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.http;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.kritik.schema.TraceContext;

/**
 * A request.
 *
 * @param id what stands in the path in the place of {@code {id}}, decoded; empty where the route has none
 * @param query the parameters of the query, decoded
 * @param body the body; empty for GET
 * @param trace the trace to which the request belongs, as a hop of this gateway
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared never
public record Call(String id, Map<String, String> query, byte[] body, Optional<TraceContext> trace) {

    /** A parameter of the query. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /**
     * A parameter with a number of seconds.
     *
     * @throws Problem if it is none, or out of bounds
     */
    public double seconds(String name, double most) {
        String text = query.get(name);
        if (text == null) {
            return 0;
        }
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds <= most) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Problem.bad(name + " is no number of seconds from 0 to " + (long) most);
    }

    /**
     * Refuses parameters that the route does not know, so that no typing error passes unseen.
     *
     * @throws Problem if there are others
     */
    public void allow(Set<String> names) {
        for (String name : new TreeSet<>(query.keySet())) {
            if (!names.contains(name)) {
                throw Problem.bad("unknown parameter '" + name + "'; there are " + new TreeSet<>(names));
            }
        }
    }
}
