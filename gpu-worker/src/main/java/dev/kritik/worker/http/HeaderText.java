/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import java.nio.charset.StandardCharsets;

/** Text that is safe within an HTTP header or a line of a log: ids come from outside, and could hold line ends. */
final class HeaderText {

    private HeaderText() {}

    /** Percent-encodes each byte (UTF-8) that is not visible ASCII, and {@code %} itself. */
    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                safe.append((char) b);
            } else {
                safe.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return safe.toString();
    }
}
