/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rollouts;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a stream line by line, in strict UTF-8: a bad line is told apart from its neighbours, and not repaired. */
public final class Lines {

    /** Longest line that is read: far more than any installation takes. */
    static final int MAX_BYTES = 64 << 20;

    /**
     * One line.
     *
     * @param number counts from 1
     * @param text null when the line is no UTF-8, or too long
     * @param problem why there is no text; null when there is
     */
    public record Line(int number, String text, String problem) {}

    private final InputStream in;
    private int number;

    /** Reads from here on; the stream stays the caller's to close. */
    public Lines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line; null at the end. */
    public Line next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        int read = in.read();
        if (read < 0) {
            return null;
        }
        number++;
        boolean tooLong = false;
        for (; read >= 0 && read != '\n'; read = in.read()) {
            tooLong |= bytes.size() >= MAX_BYTES;
            if (!tooLong) {
                bytes.write(read);
            }
        }
        if (tooLong) {
            return new Line(number, null, "longer than " + MAX_BYTES + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            // Some editors begin a file with a byte order mark.
            boolean marked = number == 1 && text.startsWith("\uFEFF");
            return new Line(number, marked ? text.substring(1) : text, null);
        } catch (CharacterCodingException e) {
            return new Line(number, null, "not UTF-8");
        }
    }
}
