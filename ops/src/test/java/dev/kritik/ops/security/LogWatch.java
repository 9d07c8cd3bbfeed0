/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.security;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

import java.util.List;

/** What one logger says meanwhile. */
record LogWatch(Logger logger, ListAppender<ILoggingEvent> events) implements AutoCloseable {

    static LogWatch of(String name) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.addAppender(events);
        return new LogWatch(logger, events);
    }

    boolean contains(String text) {
        return List.copyOf(events.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(text));
    }

    @Override
    public void close() {
        logger.detachAppender(events);
    }
}
