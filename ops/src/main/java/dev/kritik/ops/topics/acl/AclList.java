/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import java.util.ArrayList;
import java.util.List;

/** All rights that the users of an installation should have. */
public final class AclList {

    private AclList() {}

    /** By role, in the order of {@link AclRole}, then by user; a pure function. */
    public static List<Grant> of(AclConfig config, AclNames names) {
        List<Grant> grants = new ArrayList<>();
        for (AclRole role : AclRole.values()) {
            for (String principal : config.principals().getOrDefault(role, List.of())) {
                for (Need need : RoleNeeds.of(role, names)) {
                    grants.add(new Grant(role, principal, config.host(), need));
                }
            }
        }
        return grants;
    }
}
