/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.avro.Schema;

/**
 * Numbers for schemas, shared by all who write and read: a record carries the number, and the registry tells what it
 * stands for. Implementations are safe for use by many threads and cache, so that a call per record costs next to
 * nothing.
 */
public interface SchemaRegistry {

    /** The subject under which the schema of a topic's values stands: Confluent's {@code TopicNameStrategy}. */
    static String valueSubject(String topic) {
        return topic + "-value";
    }

    /**
     * The id to write with. Registers the schema under the subject if it is new there; in look-up-only mode it is only
     * looked up. Properties that mean something to Java alone are left out of what is registered ({@link PlainSchema}).
     *
     * @throws SchemaRefusedException if the registry won't have the schema (incompatible, invalid), or, in look-up-only
     *     mode, does not know it: a person has to act
     * @throws RegistryUnavailableException if the registry gave no answer: nothing is wrong with the schema
     */
    int register(String subject, Schema schema);

    /**
     * The schema of an id, as its writer registered it.
     *
     * @throws UnknownSchemaException if the registry says that it has no Avro schema of this id
     * @throws RegistryUnavailableException if the registry gave no answer: nothing is wrong with the id
     */
    Schema schemaById(int id);
}
