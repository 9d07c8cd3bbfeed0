/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import org.apache.kafka.common.errors.SerializationException;

/** The bytes of a value can't be read, now or ever. Put them aside with {@link #code()} as the reason and go on. */
public final class UndecodableException extends SerializationException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with the bytes. */
    public enum Code {
        /** There is no value: Kritik's topics hold no tombstones. */
        NULL_VALUE,
        /** Not in Confluent's wire format: shorter than 5 bytes, or the first byte is not 0. */
        NOT_FRAMED,
        /** The registry has no Avro schema of the id that stands in front. */
        UNKNOWN_SCHEMA_ID,
        /** Written with a schema that can't be read as the expected record. */
        INCOMPATIBLE_SCHEMA,
        /** The bytes after the id are not what their schema says: cut short, too long, or damaged. */
        MALFORMED
    }

    private final Code code;

    public UndecodableException(Code code, String message) {
        this(code, message, null);
    }

    public UndecodableException(Code code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    /** What is wrong, for a header or a counter. */
    public Code code() {
        return code;
    }
}
