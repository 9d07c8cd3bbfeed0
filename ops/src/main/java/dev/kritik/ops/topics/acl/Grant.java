/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;

/**
 * A right that a user should have.
 *
 * @param role as which it needs the right
 * @param principal the user, as brokers know it: {@code User:name}
 * @param host from where it comes; {@code *} for anywhere
 * @param need the right, and why
 */
public record Grant(AclRole role, String principal, String host, Need need) {

    /** As Kafka's admin client takes it. */
    public AclBinding binding() {
        return new AclBinding(
                need.resource(), new AccessControlEntry(principal, host, need.operation(), AclPermissionType.ALLOW));
    }
}
