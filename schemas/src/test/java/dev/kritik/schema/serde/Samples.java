/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import java.util.List;
import java.util.Map;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/** Records for tests. */
final class Samples {

    private Samples() {}

    static Rollout rollout() {
        return Rollout.newBuilder()
                .setJobId("job")
                .setGroupId("g1")
                .setIndex(0)
                .setGroupSize(2)
                .setMessages(List.of(new Message("user", "How far is the moon? 月 🌙")))
                .setResponse("384 400 km")
                .setPolicyVersion(Long.MAX_VALUE)
                .setMetadata(Map.of("domain", "astronomy"))
                .build();
    }
}
