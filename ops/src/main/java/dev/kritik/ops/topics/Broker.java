/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import java.util.Optional;

/**
 * What the brokers of a cluster can do.
 *
 * @param shareVersion level of the feature {@code share.version}: 0 = no share groups, 1 = share groups (Kafka 4.2), 2 =
 *     with dead-letter queues (Kafka 4.4)
 * @param queuePrefix what names of dead-letter queues must begin with ({@code errors.deadletterqueue.topic.name.prefix})
 */
record Broker(int shareVersion, String queuePrefix) {

    /** Kafka's default of the prefix, for brokers that don't let us read their settings. */
    static final String DEFAULT_QUEUE_PREFIX = "dlq.";

    /** For whoever can't look: the newest, with Kafka's defaults. */
    static final Broker UNKNOWN = new Broker(2, DEFAULT_QUEUE_PREFIX);

    boolean shareGroups() {
        return shareVersion >= 1;
    }

    /** The topic for a share group's dead letters: ours, or, where the broker won't have its name, one of its own. */
    Optional<String> deadLetterQueue(String deadLetters) {
        if (shareVersion < 2) {
            return Optional.empty();
        }
        return Optional.of(deadLetters.startsWith(queuePrefix) ? deadLetters : queuePrefix + deadLetters);
    }
}
