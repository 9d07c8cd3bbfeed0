/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a run of byte tokens says so far. A decoder reads such a run as UTF-8 only if all of it is UTF-8, so its text is
 * not certain before it ends; this is only for looking at it in the meantime.
 */
final class ByteRun {

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream half = new ByteArrayOutputStream();
    private boolean broken;

    /** Adds a byte, and returns how many characters that completes: 0, 1, or 2 for a surrogate pair. */
    int add(byte next) {
        if (broken) {
            return 0;
        }
        half.write(next);
        byte[] bytes = half.toByteArray();
        int length = length(bytes[0]);
        if (bytes.length < length) {
            return 0;
        }
        String read = new String(bytes, StandardCharsets.UTF_8);
        if (length == 0
                || read.codePointCount(0, read.length()) != 1
                || read.getBytes(StandardCharsets.UTF_8).length != length) {
            broken = true;
            text.setLength(0);
            return 0;
        }
        half.reset();
        text.append(read);
        return read.length();
    }

    /** The whole characters so far; empty if something in the run is no UTF-8. */
    StringBuilder text() {
        return text;
    }

    void clear() {
        text.setLength(0);
        half.reset();
        broken = false;
    }

    /** Bytes of a character that begins so; 0 if none does. */
    private static int length(byte first) {
        int value = first & 0xFF;
        if (value < 0x80) {
            return 1;
        }
        if (value < 0xC2 || value > 0xF4) {
            return 0;
        }
        return value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }
}
