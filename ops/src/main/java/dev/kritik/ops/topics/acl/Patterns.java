/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;

/** What Kafka's patterns, operations and hosts hold in them (KIP-290, and the rules of its authorizer). */
final class Patterns {

    private static final String ANY = "*";

    private Patterns() {}

    /** Whether every resource that the narrow pattern stands for is one that the wide pattern stands for. */
    static boolean covers(ResourcePattern wide, ResourcePattern narrow) {
        if (wide.resourceType() != narrow.resourceType()) {
            return false;
        }
        if (isAny(wide)) {
            return true;
        }
        if (isAny(narrow)) {
            return false;
        }
        return wide.patternType() == PatternType.PREFIXED
                ? narrow.name().startsWith(wide.name())
                : narrow.patternType() == PatternType.LITERAL && wide.name().equals(narrow.name());
    }

    /** Whether there is a resource that both stand for. */
    static boolean overlap(ResourcePattern one, ResourcePattern other) {
        return covers(one, other) || covers(other, one);
    }

    private static boolean isAny(ResourcePattern pattern) {
        return pattern.patternType() == PatternType.LITERAL && pattern.name().equals(ANY);
    }

    /** Whether whoever is allowed the one may do the other. */
    static boolean implies(AclOperation allowed, AclOperation wanted) {
        if (allowed == wanted || allowed == AclOperation.ALL) {
            return true;
        }
        return switch (wanted) {
            case DESCRIBE ->
                switch (allowed) {
                    case READ, WRITE, DELETE, ALTER -> true;
                    default -> false;
                };
            case DESCRIBE_CONFIGS -> allowed == AclOperation.ALTER_CONFIGS;
            default -> false;
        };
    }

    /** Whether somebody who needs the one is held up when the other is denied: what it holds in it is needed, too. */
    static boolean hindered(AclOperation needed, AclOperation denied) {
        return denied == AclOperation.ALL || implies(needed, denied);
    }

    static boolean coversHost(String wide, String narrow) {
        return wide.equals(ANY) || wide.equals(narrow);
    }

    static boolean overlapHosts(String one, String other) {
        return coversHost(one, other) || coversHost(other, one);
    }
}
