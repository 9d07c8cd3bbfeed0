/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.errors.AuthorizationException;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brokers don't let this user do something, for lack of an ACL: trying again does not help, somebody has to give the right.
 *
 * @param message who was refused, what, and what to do; a sentence
 */
public record Refusal(String message) {

    private static final Pattern SCRAM_OR_PLAIN_USER = Pattern.compile("\\busername\\s*=\\s*\"([^\"$]+)\"");

    /** Looks for a refusal among a failure and its causes. */
    public static Optional<Refusal> in(Throwable failure, KafkaSettings kafka) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof AuthorizationException refused) {
                return Optional.of(new Refusal("Kafka refuses this to " + user(kafka) + ": " + refused.getMessage()
                        + " ('kritik topics acls' lists the rights that each role needs)"));
            }
        }
        return Optional.empty();
    }

    /** {@code user 'alice'}, where the settings tell the name: brokers don't. */
    public static String user(KafkaSettings kafka) {
        Matcher name = SCRAM_OR_PLAIN_USER.matcher(String.valueOf(kafka.client().get("sasl.jaas.config")));
        return name.find() ? "user '" + name.group(1) + "'" : "this user";
    }
}
