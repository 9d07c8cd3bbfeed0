/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/**
 * A template in the part of Jinja that chat templates are written in, rendered as Python's Jinja renders it with the
 * settings of Hugging Face transformers. It is an interpreter of its own, because it has to agree to the last character:
 * what it does not know is an error with the template's line, when the template is read (syntax, tags) or when rendering
 * comes by (filters, tests, methods), and never something left out.
 *
 * <p>Templates come with checkpoints, so from strangers. They see the values that are given, and nothing else: no files,
 * no other templates, no Java objects. Work, depth and size of what they make are bounded. Immutable; for many threads.
 */
public final class JinjaTemplate {

    /** Statements, expressions, and each 16 characters: well above any template's need, and below ten seconds. */
    private static final long WORK = 50_000_000;
    /** Bytes of all that is made; a prompt of a million tokens, with a dozen copies of its parts, is below. */
    private static final long MEMORY = 128 << 20;
    /** Most characters of a text; prompts are far below. */
    private static final int MAX_CHARS = 16 << 20;

    private final List<Stmt> body;
    private final LocalDateTime now;

    private JinjaTemplate(List<Stmt> body, LocalDateTime now) {
        this.body = body;
        this.now = now;
    }

    /**
     * Reads a template.
     *
     * @param now the time that {@code strftime_now} writes, however late it is
     * @throws TemplateException if it has an error, or something that is not supported
     */
    public static JinjaTemplate parse(String template, LocalDateTime now) {
        try {
            return new JinjaTemplate(Parser.parse(template), now);
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    /**
     * Renders it.
     *
     * @param values texts, booleans, whole numbers, doubles, null, and lists and maps (with texts as keys) of these
     * @throws TemplateException if it can't be rendered with these values, or refuses them
     */
    public String render(Map<String, ?> values) {
        return render(values, new Budget(WORK, MEMORY, MAX_CHARS));
    }

    String render(Map<String, ?> values, Budget budget) {
        Scope globals = new Scope(null);
        Builtins.NAMES.forEach(name -> globals.set(name, new Values.Builtin(name)));
        values.forEach((name, value) -> globals.set(name, Values.of(value)));
        try {
            return new Interpreter(budget, now).render(body, new Scope(globals));
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    /** Levels are counted, but nobody knows how large the caller's stack is, and how much of it is in use. */
    private static TemplateException tooDeep() {
        return new TemplateException(0, "too many levels for the stack of this thread");
    }
}
