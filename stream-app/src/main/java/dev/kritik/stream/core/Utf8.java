/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

/** Sizes of texts as they travel. */
final class Utf8 {

    private Utf8() {}

    /** Bytes of the text in UTF-8, found without making them. A lone surrogate is written as one byte, '?'. */
    static int length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                bytes += 1;
            } else if (unit < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(unit)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 1;
            }
        }
        return bytes;
    }
}
