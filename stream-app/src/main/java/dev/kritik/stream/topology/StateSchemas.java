/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;

import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.registry.UnknownSchemaException;

/**
 * The schemas of everything that a store has ever held, with the numbers that stand before each entry. A registry of its
 * own: state is read long before, and whether or not, another registry can be reached.
 *
 * <p>To change what a store holds: leave the file of the old version, add the next one under the next number here, and
 * name it in the pom instead of the old one. Entries of old versions are then read by Avro's rules.
 */
final class StateSchemas implements SchemaRegistry {

    private static final Map<Integer, String> FILES = Map.of(
            101, "StoredGroup-1",
            102, "StoredGroup-2",
            103, "StoredGroup-3",
            201, "StoredQuery-1",
            301, "StoredMember-1",
            302, "StoredMember-2",
            401, "StoredSample-1",
            402, "StoredSample-2",
            501, "StoredExperience-1",
            601, "StoredTrace-1");

    private final Map<Integer, Schema> byId =
            FILES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> parse(entry.getValue())));

    @Override
    public int register(String subject, Schema schema) {
        String form = SchemaNormalization.toParsingForm(schema);
        return byId.entrySet().stream()
                .filter(entry ->
                        SchemaNormalization.toParsingForm(entry.getValue()).equals(form))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        schema.getFullName() + " is not among the kept versions of the state's schemas"));
    }

    @Override
    public Schema schemaById(int id) {
        Schema schema = byId.get(id);
        if (schema == null) {
            throw new UnknownSchemaException("no version " + id
                    + " of the state's schemas is known here; was the state written by a newer version of Kritik?");
        }
        return schema;
    }

    private static Schema parse(String name) {
        try (InputStream file = StateSchemas.class.getResourceAsStream("/dev/kritik/stream/state/" + name + ".avsc")) {
            return new Schema.Parser().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the schema " + name + " is missing in this build", e);
        }
    }
}
