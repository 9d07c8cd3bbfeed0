/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

/** A template that can't be read, or that can't be rendered with these values. The message names the template's line. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    /** Most characters of a message; what a template says or names may be as long as it likes. */
    private static final int LONGEST = 500;

    private final boolean refused;

    TemplateException(int line, String message) {
        this(line, message, false);
    }

    private TemplateException(int line, String message, boolean refused) {
        super("template, line " + line + ": "
                + (message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "..."));
        this.refused = refused;
    }

    static TemplateException refusal(int line, String message) {
        return new TemplateException(line, message, true);
    }

    /** Whether the template itself refused the values, by its {@code raise_exception}; the message has what it said. */
    public boolean refused() {
        return refused;
    }
}
