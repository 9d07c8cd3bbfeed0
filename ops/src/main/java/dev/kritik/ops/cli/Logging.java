/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/** How much is logged, and how it is written. The defaults stand in {@code logback.xml}. */
final class Logging {

    private static final String OURS = "dev.kritik";

    private static final String KAFKA = "org.apache.kafka";

    /** Repeats itself many times a second when no broker answers; a short command says that itself, once. */
    private static final String KAFKA_NETWORK = "org.apache.kafka.clients.NetworkClient";

    /** Of the appender in {@code logback.xml}. */
    private static final String APPENDER = "STDERR";

    private static final Encoder<ILoggingEvent> TEXT = console().getEncoder();

    private Logging() {}

    /** From now on lines are written so. */
    static synchronized void format(LogFormat format) {
        OutputStreamAppender<ILoggingEvent> console = console();
        if (format == LogFormat.TEXT) {
            console.setEncoder(TEXT);
            return;
        }
        JsonLines encoder = new JsonLines();
        encoder.setContext(console.getContext());
        encoder.start();
        console.setEncoder(encoder);
    }

    @SuppressWarnings("unchecked") // logback has no other kind of event
    private static OutputStreamAppender<ILoggingEvent> console() {
        return (OutputStreamAppender<ILoggingEvent>)
                logger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(APPENDER);
    }

    /** Sets the level of all loggers, Kafka's too. */
    static void level(org.slf4j.event.Level level) {
        Level wanted = Level.convertAnSLF4JLevel(level);
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(wanted);
        logger(OURS).setLevel(wanted);
        logger(KAFKA_NETWORK).setLevel(wanted);
    }

    /** Raises our own loggers to INFO for a long-running role, unless a level was asked for. */
    static void role() {
        if (logger(OURS).getLevel() == null) {
            logger(OURS).setLevel(Level.INFO);
            logger(KAFKA_NETWORK).setLevel(Level.WARN);
        }
    }

    /** Leaves out what Kafka's clients warn of, unless a level was asked for. */
    static void withoutKafka() {
        if (logger(OURS).getLevel() == null) {
            logger(KAFKA).setLevel(Level.ERROR);
        }
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
