/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/**
 * A piece of a template.
 *
 * @param text of DATA and STRING what it stands for; of the rest as it is written
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        DATA,
        OUTPUT_BEGIN,
        OUTPUT_END,
        TAG_BEGIN,
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind other, String content) {
        return kind == other && text.equals(content);
    }
}
