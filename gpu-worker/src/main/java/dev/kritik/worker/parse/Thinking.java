/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what a reasoning model said from what it only thought, between {@code <think>} and {@code </think>}. */
public final class Thinking {

    private static final Pattern TAG = Pattern.compile("<(/?)think>");

    private Thinking() {}

    /**
     * A text without its thoughts.
     *
     * @param text what is left
     * @param unfinished whether the text ends within a thought
     */
    public record Said(String text, boolean unfinished) {}

    /**
     * Cuts out the thoughts. A {@code </think>} without a beginning ends a thought that began with the text, since some
     * chat templates write the opening tag into the prompt; a {@code <think>} without an end runs to the end.
     */
    public static Said strip(String text) {
        StringBuilder said = new StringBuilder(text.length());
        int from = 0;
        boolean thinking = false;
        for (Matcher tag = TAG.matcher(text); tag.find(); from = tag.end()) {
            boolean closes = !tag.group(1).isEmpty();
            if (closes && !thinking) {
                said.setLength(0);
            } else if (!thinking) {
                said.append(text, from, tag.start());
            }
            thinking = !closes;
        }
        if (!thinking) {
            said.append(text, from, text.length());
        }
        return new Said(said.toString(), thinking);
    }
}
