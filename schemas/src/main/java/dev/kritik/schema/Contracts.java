/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

import org.apache.avro.Schema;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which contract the values of each topic keep. */
public final class Contracts {

    private Contracts() {}

    /** Topic name to schema, in the order of the flow. {@code dead-letters} is left out: it holds bytes as read. */
    public static Map<String, Schema> byTopic(Topics topics) {
        Map<String, Schema> contracts = new LinkedHashMap<>();
        contracts.put(topics.rollouts(), Rollout.getClassSchema());
        contracts.put(topics.critiqueRequests(), CritiqueRequest.getClassSchema());
        contracts.put(topics.critiques(), Critique.getClassSchema());
        contracts.put(topics.rewards(), GroupReward.getClassSchema());
        return contracts;
    }
}
