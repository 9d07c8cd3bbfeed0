/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of Kritik's topics. A prefix lets several installations share a cluster: with the prefix {@code team-a.}
 * the rewards stand on {@code team-a.rewards}.
 *
 * @param prefix put before every name as it is; empty, or letters, digits, {@code .}, {@code _} and {@code -}
 */
public record Topics(String prefix) {

    private static final Pattern LEGAL_PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,150}");

    public Topics {
        if (!LEGAL_PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "topics.prefix '" + prefix
                            + "' may hold at most 150 letters, digits, '.', '_' and '-': Kafka allows no others in a topic name");
        }
    }

    /** Rollouts of policies, from any producer. Key {@link Keys#of job/group}. */
    public String rollouts() {
        return prefix + "rollouts";
    }

    /** The work queue of the workers. Key: request id. */
    public String critiqueRequests() {
        return prefix + "critique-requests";
    }

    /** What became of each sample. Key {@link Keys#of job/group}; as many partitions as {@link #rollouts()}. */
    public String critiques() {
        return prefix + "critiques";
    }

    /** One terminal record for each group. Key {@link Keys#of job/group}. */
    public String rewards() {
        return prefix + "rewards";
    }

    /** Records that could not be used, as read, with the reason in the headers. */
    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** All of them, in the order of the flow. */
    public List<String> all() {
        return List.of(rollouts(), critiqueRequests(), critiques(), rewards(), deadLetters());
    }
}
