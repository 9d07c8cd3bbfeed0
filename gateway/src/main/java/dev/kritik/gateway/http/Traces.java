/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway.http;

import org.eclipse.jetty.http.HttpFields;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.kritik.schema.TraceContext;

/** {@link TraceContext} in the headers of requests and answers. */
final class Traces {

    private Traces() {}

    /** The trace of a request, with a span of our own; none if it names several. */
    static Optional<TraceContext> of(HttpFields headers) {
        List<String> parents = headers.getValuesList(TraceContext.PARENT);
        if (parents.size() != 1) {
            return Optional.empty();
        }
        // One list may stand in several headers.
        String state = String.join(",", headers.getValuesList(TraceContext.STATE));
        return TraceContext.parse(parents.getFirst(), state).map(context -> context.child(newSpan()));
    }

    /** Tells the client which trace the answer belongs to. */
    static void put(HttpFields.Mutable headers, TraceContext context) {
        headers.put(TraceContext.PARENT, context.parent());
        if (!context.state().isEmpty()) {
            headers.put(TraceContext.STATE, context.state());
        }
    }

    /** Never zero, which would be no span. */
    private static String newSpan() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
