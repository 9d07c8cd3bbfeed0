/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.serde;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Confluent's wire format: what stands in front of the Avro binary. */
final class WireFormat {

    /** Length of the header in bytes. */
    static final int HEADER_BYTES = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {}

    static void writeHeader(ByteArrayOutputStream out, int schemaId) {
        out.write(MAGIC);
        out.write(schemaId >>> 24);
        out.write(schemaId >>> 16);
        out.write(schemaId >>> 8);
        out.write(schemaId);
    }

    /**
     * The id of the writer's schema.
     *
     * @throws UndecodableException if the bytes don't begin as the wire format says
     */
    static int schemaId(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw new UndecodableException(
                    UndecodableException.Code.NOT_FRAMED,
                    "the value has " + bytes.length + " bytes; the wire format needs at least " + HEADER_BYTES);
        }
        if (bytes[0] != MAGIC) {
            throw new UndecodableException(
                    UndecodableException.Code.NOT_FRAMED,
                    "the value begins with byte " + bytes[0] + ", not 0: it was not written by a serializer that uses a"
                            + " schema registry (Confluent's wire format)");
        }
        return ByteBuffer.wrap(bytes).getInt(1);
    }
}
