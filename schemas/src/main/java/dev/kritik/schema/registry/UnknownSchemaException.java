/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.registry;

import org.apache.kafka.common.KafkaException;

/** The registry answered that it has no Avro schema of an id. */
public final class UnknownSchemaException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public UnknownSchemaException(String message) {
        super(message);
    }

    public UnknownSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
