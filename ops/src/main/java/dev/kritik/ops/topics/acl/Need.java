/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One operation on one resource, and the reason for it. READ, WRITE, DELETE and ALTER hold DESCRIBE in them, and
 * ALTER_CONFIGS holds DESCRIBE_CONFIGS.
 *
 * @param resource what, by its name or by how its name begins
 * @param operation what may be done
 * @param why in words
 */
public record Need(ResourcePattern resource, AclOperation operation, String why) {

    static Need topic(String name, AclOperation operation, String why) {
        return new Need(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL), operation, why);
    }

    static Need topics(String prefix, AclOperation operation, String why) {
        return new Need(new ResourcePattern(ResourceType.TOPIC, prefix, PatternType.PREFIXED), operation, why);
    }

    static Need group(String name, AclOperation operation, String why) {
        return new Need(new ResourcePattern(ResourceType.GROUP, name, PatternType.LITERAL), operation, why);
    }

    static Need groups(String prefix, AclOperation operation, String why) {
        return new Need(new ResourcePattern(ResourceType.GROUP, prefix, PatternType.PREFIXED), operation, why);
    }

    static Need transactions(String prefix, String why) {
        return new Need(
                new ResourcePattern(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED),
                AclOperation.WRITE,
                why);
    }

    static Need cluster(AclOperation operation, String why) {
        return new Need(
                new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL), operation, why);
    }
}
