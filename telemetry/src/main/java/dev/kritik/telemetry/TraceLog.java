/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.telemetry;

import org.slf4j.spi.LoggingEventBuilder;

import java.util.Optional;

import dev.kritik.schema.TraceContext;

/** The trace in lines of the log. */
public final class TraceLog {

    /** The key of the trace id. */
    public static final String KEY = "traceId";

    private TraceLog() {}

    /** The line with {@code traceId}, if there is one. */
    public static LoggingEventBuilder with(LoggingEventBuilder line, Optional<TraceContext> trace) {
        return trace.isPresent() ? line.addKeyValue(KEY, trace.get().traceId()) : line;
    }
}
