/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Text without disguises, for looking for phrases in it: NFKC (full-width and styled letters become plain ones), lower
 * case, no invisible characters, no combining marks, no quotes and no emphasis, any white space one blank, and none
 * beside Chinese and Japanese characters.
 */
final class Plain {

    private static final String DROPPED = "*`\"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f";

    /** What becomes of each ASCII character, of which most texts consist: looked up rather than found out. */
    private static final byte[] ASCII = new byte[0x80];

    /** In its place nothing stands. */
    private static final byte GONE = 0;

    static {
        for (int c = 0; c < ASCII.length; c++) {
            ASCII[c] = (byte) Character.toLowerCase(becomes(c));
        }
    }

    private Plain() {}

    static String of(String text) {
        String folded = isAscii(text)
                ? text // has only its case to lose
                : Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        char[] plain = new char[folded.length()]; // a blank is written for one or more, all else for itself
        int length = 0;
        boolean blank = false;
        int before = ' ';
        for (int i = 0; i < folded.length(); ) {
            int codePoint = folded.codePointAt(i);
            i += Character.charCount(codePoint);
            int becomes = codePoint < ASCII.length ? ASCII[codePoint] : becomes(codePoint);
            if (becomes == ' ') {
                blank = true;
            } else if (becomes != GONE) {
                if (blank && !isSpaceless(before) && !isSpaceless(becomes)) {
                    plain[length++] = ' ';
                }
                blank = false;
                length += Character.toChars(becomes, plain, length);
                before = becomes;
            }
        }
        return new String(plain, 0, length);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ASCII.length) {
                return false;
            }
        }
        return true;
    }

    /** What stands in the place of a character in lower case, a blank of several white ones. */
    private static int becomes(int codePoint) {
        if (isBlank(codePoint)) {
            return ' ';
        }
        if (isDropped(codePoint)) {
            return GONE;
        }
        return codePoint == '\u2019' ? '\'' : codePoint;
    }

    /** White space, blank symbols included. */
    static boolean isBlank(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }

    /** Characters that take no part in what a reader sees, other than white space. */
    static boolean isInvisible(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint < ' ' && !isBlank(codePoint);
        }
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT, Character.CONTROL -> !isBlank(codePoint);
            default ->
                codePoint == 0x034F
                        || codePoint == 0x115F
                        || codePoint == 0x1160
                        || codePoint == 0x2800
                        || codePoint == 0x3164
                        || codePoint == 0xFFA0
                        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
                        || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
        };
    }

    private static boolean isDropped(int codePoint) {
        if (codePoint < 0x7f) {
            return DROPPED.indexOf(codePoint) >= 0 || isInvisible(codePoint);
        }
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || DROPPED.indexOf(codePoint) >= 0
                || isInvisible(codePoint);
    }

    /** Whether the script of the character puts no blanks between words. */
    private static boolean isSpaceless(int codePoint) {
        if (codePoint < 0x3000) {
            return false;
        }
        UnicodeScript script = UnicodeScript.of(codePoint);
        return script == UnicodeScript.HAN || script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA;
    }
}
