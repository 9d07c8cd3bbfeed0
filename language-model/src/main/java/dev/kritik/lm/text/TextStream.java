/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.util.Arrays;
import java.util.List;

/**
 * The text of tokens while they are being written, up to the first stop text. What it gives out is never taken back: half
 * characters wait for their other half, and what may be the begin of a stop text waits until it is clear. After each
 * push, {@link #stopped()} says whether the tokens so far, decoded all at once, contain a stop text; everything given out,
 * with {@link #finish()}, is what they decode to, cut before the earliest stop text in it. Special tokens add no text.
 * Where a vocabulary has tokens for single bytes ({@code <0x0A>}), a run of these is given out when it has ended, for one
 * byte that is no UTF-8 makes all of the run unreadable.
 *
 * <p>The cost of a push does not grow with the text: only the last few tokens are decoded again, behind a token of ordinary
 * text, since some decoders treat the begin of a text in another way. This holds for decoders that work from left to
 * right, as byte-level and SentencePiece ones do; not for word pieces. For one thread.
 */
public final class TextStream {

    /** A character's last bytes may be missing: what is decoded from its first ones. */
    private static final char HALF = '\uFFFD';
    /** So many tokens are kept back before it is tried to let some go; a character has at most 4 bytes. */
    private static final int LONG_WINDOW = 16;

    private final Tokenizer tokenizer;
    private final List<String> stops;
    private final int longestStop;

    /** All text that is certain, also what waits for a stop text to be clear. */
    private final StringBuilder certain = new StringBuilder();
    /** How much of it was given out. */
    private int given;

    /** The last tokens, behind the anchor unless they are the first of the text. */
    private int[] window = new int[LONG_WINDOW];

    private int size;
    private int patience = LONG_WINDOW;
    private boolean anchored;
    /** How much of the window's text is in {@link #certain} already. */
    private int taken;
    /** What the window decodes to behind that: may change with the next token. Empty while {@link #run} is in progress. */
    private String open = "";

    private final ByteRun run = new ByteRun();
    private boolean running;

    private boolean stopped;
    private boolean finished;

    /**
     * @param stops texts that end the text
     * @throws IllegalArgumentException if one is empty
     */
    public TextStream(Tokenizer tokenizer, List<String> stops) {
        if (stops.contains("")) {
            throw new IllegalArgumentException("a stop text is empty");
        }
        this.tokenizer = tokenizer;
        this.stops = List.copyOf(stops);
        this.longestStop = stops.stream().mapToInt(String::length).max().orElse(0);
    }

    /**
     * Adds a token, and returns the text that is certain by now. Once {@link #stopped()}, tokens are ignored.
     *
     * @throws IllegalStateException after {@link #finish()}
     */
    public String push(int token) {
        if (finished) {
            throw new IllegalStateException("the text is finished");
        }
        if (stopped || tokenizer.silent(token)) {
            return "";
        }
        Byte value = tokenizer.byteTokens().get(token);
        return value == null ? pushText(token) : pushByte(token, value);
    }

    /** Whether a stop text was found. */
    public boolean stopped() {
        return stopped;
    }

    /** Ends the text, and returns what was still waiting. */
    public String finish() {
        finished = true;
        if (stopped) {
            return "";
        }
        certain.append(decodeOpen());
        open = "";
        size = 0;
        return give(certain.length());
    }

    /** Everything that was given out so far. */
    public String text() {
        return certain.substring(0, given);
    }

    private String pushText(int token) {
        int searched = certain.length();
        if (running) {
            open = decodeOpen();
            settle(open.length());
            run.clear();
            running = false;
        }
        append(token);
        open = decodeOpen();
        boolean half = tokenizer.byteTokens().isEmpty() && !open.isEmpty() && open.charAt(open.length() - 1) == HALF;
        settle(half ? open.length() - 1 : open.length());
        return found(searched) ? give(certain.length()) : give(certain.length() - held());
    }

    private String pushByte(int token, byte value) {
        running = true;
        append(token);
        int completed = run.add(value);
        if (completed > 0 && runMayHold(completed)) {
            open = decodeOpen();
            if (found(certain.length())) {
                return give(certain.length());
            }
            open = "";
        }
        return "";
    }

    private void append(int token) {
        if (size == window.length) {
            window = Arrays.copyOf(window, 2 * size);
        }
        window[size++] = token;
    }

    /** So much of the open text will stay as it is; where that is all of it, the window's tokens are done with. */
    private void settle(int length) {
        certain.append(open, 0, length);
        taken += length;
        open = open.substring(length);
        if (open.isEmpty() && (taken > 0 || anchored)) {
            slide(size, taken);
        } else if (size >= patience) {
            patience = shorten() ? LONG_WINDOW : 2 * patience;
        }
    }

    /** Lets the window's first tokens go, and their text. */
    private void slide(int tokens, int chars) {
        size -= tokens;
        System.arraycopy(window, tokens, window, 0, size);
        taken -= chars;
        anchored = true;
    }

    /**
     * Bytes that are no characters could make the window grow without end. It may be cut where both parts decode to what
     * they decode to together: a cut inside of a character would make two characters of one.
     */
    private boolean shorten() {
        String whole = decode(0, size);
        for (int cut = size - 1; cut >= size - LONG_WINDOW / 2; cut--) {
            String head = decode(0, cut);
            if (!head.isEmpty() && head.length() <= taken && whole.equals(head + decode(cut, size))) {
                slide(cut, head.length());
                return true;
            }
        }
        return false;
    }

    private String decodeOpen() {
        return size == 0 ? "" : decode(0, size).substring(taken);
    }

    private String decode(int from, int to) {
        boolean behindAnchor = from > 0 || anchored;
        int offset = behindAnchor ? 1 : 0;
        int[] tokens = new int[to - from + offset];
        System.arraycopy(window, from, tokens, offset, to - from);
        if (!behindAnchor) {
            return tokenizer.decode(tokens, true);
        }
        tokens[0] = tokenizer.anchor();
        return tokenizer.decode(tokens, true).substring(tokenizer.anchorText().length());
    }

    /** Looks for a stop text that ends behind what was searched before; if there is one, ends the text before it. */
    private boolean found(int searched) {
        if (stops.isEmpty()) {
            return false;
        }
        int from = Math.max(given, searched - longestStop + 1);
        String part = certain.substring(from) + open;
        int first = stops.stream()
                .mapToInt(part::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        if (first < 0) {
            return false;
        }
        certain.append(open).setLength(from + first);
        stopped = true;
        return true;
    }

    /** Whether the last characters of the run, together with what is before them, seem to complete a stop text. */
    private boolean runMayHold(int completed) {
        int length = longestStop - 1 + completed;
        StringBuilder near = new StringBuilder();
        if (run.text().length() < length) {
            near.append(certain, Math.max(given, certain.length() - length), certain.length());
        }
        near.append(
                run.text(),
                Math.max(0, run.text().length() - length),
                run.text().length());
        return stops.stream().anyMatch(stop -> near.indexOf(stop) >= 0);
    }

    /** How many of the last certain characters may be the begin of a stop text. */
    private int held() {
        for (int length = Math.min(longestStop - 1, certain.length() - given); length > 0; length--) {
            for (String stop : stops) {
                if (stop.length() > length && endsWithBegin(stop, length)) {
                    return length;
                }
            }
        }
        return 0;
    }

    private boolean endsWithBegin(String stop, int length) {
        int from = certain.length() - length;
        for (int i = 0; i < length; i++) {
            if (certain.charAt(from + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String give(int to) {
        String text = certain.substring(given, to);
        given = to;
        return text;
    }
}
