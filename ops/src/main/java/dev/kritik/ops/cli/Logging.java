/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged. The defaults stand in {@code logback.xml}. */
final class Logging {

    private static final String OURS = "dev.kritik";

    /** Repeats itself many times a second when no broker answers; a short command says that itself, once. */
    private static final String KAFKA_NETWORK = "org.apache.kafka.clients.NetworkClient";

    private Logging() {}

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

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
