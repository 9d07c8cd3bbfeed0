/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

import dev.kritik.schema.Sha256;

/** 64 bits that stand for a content: the first of its SHA-256. Equal ones are taken for equal contents. */
public final class Fingerprint {

    /** Of what is not there: a record without a value. */
    public static final long NONE = 0;

    private Fingerprint() {}

    /** Of bytes; {@link #NONE} for null. */
    public static long of(byte[] bytes) {
        if (bytes == null) {
            return NONE;
        }
        MessageDigest digest = Sha256.digest();
        return ByteBuffer.wrap(digest.digest(bytes)).getLong();
    }

    /** Of a text. */
    public static long of(String text) {
        return ByteBuffer.wrap(Sha256.of(text)).getLong();
    }

    /** As the ledger has it: 16 hexadecimal digits. */
    public static String text(long fingerprint) {
        return String.format("%016x", fingerprint);
    }

    /**
     * What {@link #text} wrote.
     *
     * @throws NumberFormatException if it is something else
     */
    public static long parse(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
