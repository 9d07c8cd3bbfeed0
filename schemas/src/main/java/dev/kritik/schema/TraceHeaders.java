/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@link TraceContext} in the headers of a record, under the names that it has in HTTP. */
public final class TraceHeaders {

    private TraceHeaders() {}

    /** The context of a record; empty if it has none that can be used. */
    public static Optional<TraceContext> of(Headers headers) {
        String parent = last(headers, TraceContext.PARENT);
        return parent == null ? Optional.empty() : TraceContext.parse(parent, last(headers, TraceContext.STATE));
    }

    /** Puts a context in the place of one that may be there. */
    public static void put(Headers headers, TraceContext context) {
        set(headers, TraceContext.PARENT, context.parent());
        headers.remove(TraceContext.STATE);
        if (!context.state().isEmpty()) {
            set(headers, TraceContext.STATE, context.state());
        }
    }

    private static String last(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void set(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
