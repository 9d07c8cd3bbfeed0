/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourceType;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What differs between the rights that there should be and those that there are. A right counts as given when it is given to
 * the user itself; what everybody has is a finding of its own.
 *
 * @param missing should be given, and is not
 * @param excess are given to one of our users, and none of its roles needs them
 * @param denials are denied to one of our users, or to everybody, and are needed; a denial is stronger than any right
 * @param open give everybody something on what is ours, or the power over the cluster
 */
public record AclAudit(List<Grant> missing, List<AclBinding> excess, List<Denial> denials, List<AclBinding> open) {

    private static final String EVERYBODY = "User:*";

    /** With one of these on the cluster somebody can take all the rest. */
    private static final Set<AclOperation> POWER = EnumSet.of(
            AclOperation.ALL,
            AclOperation.ALTER,
            AclOperation.ALTER_CONFIGS,
            AclOperation.CREATE,
            AclOperation.CLUSTER_ACTION);

    /**
     * A denial, and a right that it takes away.
     *
     * @param binding the denial
     * @param hindered one of those whom it stands in the way
     */
    public record Denial(AclBinding binding, Grant hindered) {}

    /**
     * Compares.
     *
     * @param wanted all rights that there should be
     * @param allowed rights that may be there besides, of the same users
     * @param found all rights and denials of the cluster
     */
    public static AclAudit of(List<Grant> wanted, List<Grant> allowed, Collection<AclBinding> found) {
        List<AclBinding> sorted = found.stream()
                .sorted(Comparator.comparing(AclBinding::toString))
                .toList();
        List<AclBinding> rights = of(sorted, AclPermissionType.ALLOW);
        List<Grant> known = Stream.concat(wanted.stream(), allowed.stream()).toList();
        return new AclAudit(
                wanted.stream()
                        .filter(grant -> rights.stream().noneMatch(right -> gives(right, grant)))
                        .toList(),
                rights.stream()
                        .filter(right -> known.stream().anyMatch(grant -> isOf(right, grant.principal())))
                        .filter(right -> known.stream().noneMatch(grant -> needs(grant, right)))
                        .toList(),
                of(sorted, AclPermissionType.DENY).stream()
                        .flatMap(denial -> wanted.stream()
                                .filter(grant -> hinders(denial, grant))
                                .limit(1)
                                .map(grant -> new Denial(denial, grant)))
                        .toList(),
                rights.stream()
                        .filter(right -> isOf(right, EVERYBODY) && opens(right, known))
                        .toList());
    }

    private static List<AclBinding> of(List<AclBinding> all, AclPermissionType type) {
        return all.stream()
                .filter(binding -> binding.entry().permissionType() == type)
                .toList();
    }

    private static boolean isOf(AclBinding binding, String principal) {
        return binding.entry().principal().equals(principal);
    }

    private static boolean gives(AclBinding right, Grant grant) {
        return isOf(right, grant.principal())
                && Patterns.covers(right.pattern(), grant.need().resource())
                && Patterns.implies(right.entry().operation(), grant.need().operation())
                && Patterns.coversHost(right.entry().host(), grant.host());
    }

    private static boolean needs(Grant grant, AclBinding right) {
        return isOf(right, grant.principal())
                && Patterns.covers(grant.need().resource(), right.pattern())
                && Patterns.implies(grant.need().operation(), right.entry().operation())
                && Patterns.coversHost(grant.host(), right.entry().host());
    }

    private static boolean hinders(AclBinding denial, Grant grant) {
        return (isOf(denial, grant.principal()) || isOf(denial, EVERYBODY))
                && Patterns.overlap(denial.pattern(), grant.need().resource())
                && Patterns.hindered(grant.need().operation(), denial.entry().operation())
                && Patterns.overlapHosts(denial.entry().host(), grant.host());
    }

    private static boolean opens(AclBinding right, List<Grant> known) {
        if (right.pattern().resourceType() == ResourceType.CLUSTER) {
            return POWER.contains(right.entry().operation());
        }
        return known.stream()
                .anyMatch(
                        grant -> Patterns.overlap(right.pattern(), grant.need().resource()));
    }

    /** Whether nothing is to be done. */
    public boolean isClean() {
        return missing.isEmpty() && excess.isEmpty() && denials.isEmpty() && open.isEmpty();
    }
}
