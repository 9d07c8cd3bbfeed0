/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import java.util.ArrayList;
import java.util.List;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Rollouts for tests. */
final class Groups {

    static final String JOB = "test-job";

    private Groups() {}

    /** A member of a group of different responses. */
    static Rollout.Builder member(String groupId, int index, int size) {
        return Rollout.newBuilder()
                .setJobId(JOB)
                .setGroupId(groupId)
                .setIndex(index)
                .setGroupSize(size)
                .setMessages(List.of(new Message("user", "What is asked in " + groupId + "?")))
                .setResponse("Response " + index + " to " + groupId);
    }

    /** All members of a group. */
    static List<Rollout> whole(String groupId, int size) {
        List<Rollout> members = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            members.add(member(groupId, index, size).build());
        }
        return members;
    }
}
