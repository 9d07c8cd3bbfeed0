/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answered, and will not give an id for a schema: it is incompatible with an earlier version, invalid, or
 * (look-up only) not registered. Trying again does not help; a person has to act.
 */
public final class SchemaRefusedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public SchemaRefusedException(String message) {
        super(message);
    }
}
