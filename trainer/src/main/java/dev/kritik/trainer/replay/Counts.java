/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.SortedMap;
import java.util.TreeMap;

/** Numbers by name, in the order of the names. */
final class Counts {

    private final SortedMap<String, Long> byName = new TreeMap<>();

    void add(String name, long more) {
        byName.merge(name, more, Long::sum);
    }

    void one(String name) {
        add(name, 1);
    }

    SortedMap<String, Long> byName() {
        return byName;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        byName.forEach(json::put);
        return json;
    }
}
