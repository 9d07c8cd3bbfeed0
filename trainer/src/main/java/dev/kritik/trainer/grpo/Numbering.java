/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.Collection;

import dev.kritik.client.GroupId;

/**
 * Names the groups of a run: a job, and within it numbers from 0. The run is part of the name, so that a job that begins anew
 * does not meet groups of before.
 */
record Numbering(String job, String run) {

    GroupId group(long number) {
        return new GroupId(job, run + "-" + number, 0);
    }

    /** Whether a group is one of this run. */
    boolean owns(GroupId group) {
        return group.jobId().equals(job) && group.groupId().startsWith(run + "-");
    }

    long number(GroupId group) {
        return Long.parseLong(group.groupId().substring(run.length() + 1));
    }

    /** The number behind all of these groups; 0 if there are none. */
    long behind(Collection<GroupId> groups) {
        return groups.stream()
                .filter(this::owns)
                .mapToLong(group -> number(group) + 1)
                .max()
                .orElse(0);
    }
}
