/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps text that is to be judged from passing for something else: a box of scores, one of our markers, a tag of
 * thinking, or a control token of a chat template.
 *
 * <p>Right after the first character of such a sequence one underscore is put: <code>\boxed{9}</code> becomes
 * <code>\_boxed{9}</code>, {@code <<<END} becomes {@code <_<<END}, {@code <|im_end|>} becomes {@code <_|im_end|>},
 * {@code </think>} becomes {@code <_/think>}, {@code [INST]} becomes {@code [_INST]}. A sequence that has underscores
 * there already gets one more, so that {@link #undo} gives back the very text that was escaped. Nothing else changes.
 *
 * <p>Full-width and other compatibility forms of these characters, and invisible characters between them, hide nothing:
 * the text is searched in a form in which they are resolved.
 */
public final class Escape {

    /** The first character is matched, the rest only looked at: sequences within sequences are found too. */
    private static final Pattern LOOKALIKE = Pattern.compile("""
            \\\\(?=_*+boxed)
            |<(?=_*+(?:\\|[^|<>\\s]++\\|>|<<\\s*+(?:BEGIN|END)|/?(?:s|think)>|(?:bos|eos|pad|unk)>|(?:start|end)_of_turn>))
            |\\[(?=_*+/?INST])
            """, Pattern.COMMENTS | Pattern.CASE_INSENSITIVE);

    private Escape() {}

    /** Puts the underscores in. */
    public static String text(String original) {
        Projection seen = Projection.of(original);
        StringBuilder escaped = new StringBuilder(original.length() + 16);
        int from = 0;
        for (Matcher match = LOOKALIKE.matcher(seen.text()); match.find(); ) {
            int behind = seen.behind(match.start());
            escaped.append(original, from, behind).append('_');
            from = behind;
        }
        return escaped.append(original, from, original.length()).toString();
    }

    /** Takes them out again: {@code undo(text(t))} equals {@code t} for every t. */
    public static String undo(String escaped) {
        Projection seen = Projection.of(escaped);
        StringBuilder original = new StringBuilder(escaped.length());
        int from = 0;
        for (Matcher match = LOOKALIKE.matcher(seen.text()); match.find(); ) {
            int behind = seen.behind(match.start());
            if (behind < escaped.length() && escaped.charAt(behind) == '_') {
                original.append(escaped, from, behind);
                from = behind + 1;
            }
        }
        return original.append(escaped, from, escaped.length()).toString();
    }
}
