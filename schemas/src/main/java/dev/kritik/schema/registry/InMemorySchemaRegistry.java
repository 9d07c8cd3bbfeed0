/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.avro.Schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A registry within this process, for tests and for tools that write nothing for others to read: its ids mean nothing
 * elsewhere. Counts from 1; one schema has one id under all subjects. Checks no compatibility.
 */
public final class InMemorySchemaRegistry implements SchemaRegistry {

    private final List<String> texts = new ArrayList<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
        String text = PlainSchema.text(schema);
        int known = texts.indexOf(text);
        if (known >= 0) {
            return known + 1;
        }
        texts.add(text);
        return texts.size();
    }

    @Override
    public synchronized Schema schemaById(int id) {
        if (id < 1 || id > texts.size()) {
            throw new UnknownSchemaException("no schema has the id " + id);
        }
        return new Schema.Parser().parse(texts.get(id - 1));
    }
}
