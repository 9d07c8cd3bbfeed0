/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.kritik.schema.Rollout;

/** Whether groups are what the stream application takes for whole groups. */
final class GroupCheck {

    private static final int MAX_CHARACTERS = 200;

    private GroupCheck() {}

    /**
     * Looks at groups that are to be written.
     *
     * @throws IllegalArgumentException if something is wrong; says what, and in which group
     */
    static void check(List<List<Rollout>> groups) {
        Set<GroupId> ids = new HashSet<>();
        for (List<Rollout> group : groups) {
            if (group.isEmpty()) {
                throw new IllegalArgumentException("a group has no members");
            }
            Rollout first = group.getFirst();
            GroupId id = id(first);
            checkId("job_id", first.getJobId());
            checkId("group_id", first.getGroupId());
            require(first.getJobId().indexOf('/') < 0, id, "its job_id has a '/'");
            require(first.getGroupAttempt() >= 0, id, "its group_attempt is less than 0");
            require(ids.add(id), id, "it stands in this list twice");
            checkMembers(id, group);
        }
    }

    private static void checkMembers(GroupId id, List<Rollout> group) {
        Set<Integer> indices = new HashSet<>();
        for (Rollout member : group) {
            require(id(member).equals(id), id, "it holds a member of group " + id(member));
            require(
                    member.getGroupSize() == group.size(),
                    id,
                    "it has " + group.size() + " members, and one says that group_size is " + member.getGroupSize());
            int index = member.getIndex();
            require(
                    index >= 0 && index < group.size(),
                    id,
                    "index " + index + " is not within 0.." + (group.size() - 1));
            require(indices.add(index), id, "two members have index " + index);
        }
    }

    private static void checkId(String field, String id) {
        int characters = id.codePointCount(0, id.length());
        if (characters < 1 || characters > MAX_CHARACTERS || id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    field + " '" + (characters > MAX_CHARACTERS ? id.substring(0, MAX_CHARACTERS) + "..." : id)
                            + "' is none: 1 to " + MAX_CHARACTERS + " characters are wanted, no control characters");
        }
    }

    private static void require(boolean right, GroupId id, String wrong) {
        if (!right) {
            throw new IllegalArgumentException("group " + id + ": " + wrong);
        }
    }

    private static GroupId id(Rollout rollout) {
        return new GroupId(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt());
    }
}
