/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The mark by which a recorded judge knows a response again: {@code [recorded QUERY #INDEX]} somewhere in its text.
 *
 * @param queryId the query, without white space
 * @param index index of the response in its query, from 0
 */
public record RecordedTag(String queryId, int index) {

    private static final Pattern FORM = Pattern.compile("\\[recorded (\\S{1,200}) #(\\d{1,6})]");

    /** The mark as it stands in a text. */
    public String text() {
        return "[recorded " + queryId + " #" + index + "]";
    }

    /** All marks of a text, in their order. */
    static List<RecordedTag> find(String text) {
        return FORM.matcher(text)
                .results()
                .map(found -> new RecordedTag(found.group(1), Integer.parseInt(found.group(2))))
                .toList();
    }
}
