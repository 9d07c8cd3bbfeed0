/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Bytes that nobody vouches for, to be looked at: as text where they are text, else as a hex dump. */
final class Payload {

    private static final int MOST_BYTES = 16 << 10;
    private static final int WIDTH = 16;

    private Payload() {}

    static Map<String, Object> of(byte[] value) {
        Map<String, Object> json = new LinkedHashMap<>();
        byte[] shown = value == null ? new byte[0] : Arrays.copyOf(value, Math.min(value.length, MOST_BYTES));
        boolean text = isText(shown);
        json.put("form", value == null ? "none" : text ? "text" : "hex");
        json.put("text", text ? new String(shown, StandardCharsets.UTF_8) : dump(shown));
        json.put("cut", value != null && value.length > shown.length);
        return json;
    }

    private static boolean isText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .chars()
                    .noneMatch(character ->
                            character < ' ' && character != '\n' && character != '\r' && character != '\t');
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String dump(byte[] bytes) {
        StringBuilder dump = new StringBuilder();
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int from = 0; from < bytes.length; from += WIDTH) {
            int to = Math.min(bytes.length, from + WIDTH);
            StringBuilder characters = new StringBuilder();
            for (int i = from; i < to; i++) {
                characters.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
            }
            dump.append(String.format("%06x  %-47s  %s%n", from, hex.formatHex(bytes, from, to), characters));
        }
        return dump.toString();
    }
}
