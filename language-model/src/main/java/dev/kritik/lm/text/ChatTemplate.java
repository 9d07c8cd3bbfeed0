/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.kritik.lm.text.jinja.JinjaTemplate;
import dev.kritik.lm.text.jinja.TemplateException;

/**
 * How a checkpoint wants a conversation to be written down: its Jinja template, rendered as Hugging Face's
 * {@code apply_chat_template} does. Templates see {@code messages} (role and content), {@code add_generation_prompt}, the
 * special tokens ({@code bos_token}, ...), {@code tools} and {@code documents} (none), and what {@link #with} adds.
 * Immutable; for many threads.
 *
 * <p>A template may ask for today's date, as those of Llama 3.1 and later do. Prompts would differ from day to day then, and
 * so would what a judge writes for the same seed: so the date is always {@link #DATE}, unless another one is given. (Hugging
 * Face's rendering has today's.)
 */
public final class ChatTemplate {

    /** Midnight of 26 July 2024: the date that Llama's templates fall back to where they can't ask for it. */
    public static final LocalDateTime DATE = LocalDate.of(2024, Month.JULY, 26).atStartOfDay();

    private final String source;
    private final JinjaTemplate template;
    private final Map<String, Object> variables;

    private ChatTemplate(String source, JinjaTemplate template, Map<String, Object> variables) {
        this.source = source;
        this.template = template;
        this.variables = variables;
    }

    /**
     * Reads a template.
     *
     * @param specialTokens by name: {@code bos_token}, {@code eos_token}, ...
     * @throws TemplateException if the template has an error, or something that is not supported
     */
    public static ChatTemplate of(String jinja, Map<String, String> specialTokens) {
        return of(jinja, specialTokens, DATE);
    }

    /** The same with another date and time, for templates that ask for it. It stands still. */
    public static ChatTemplate of(String jinja, Map<String, String> specialTokens, LocalDateTime now) {
        return new ChatTemplate(jinja, JinjaTemplate.parse(jinja, now), Map.copyOf(specialTokens));
    }

    /** The same with further variables, such as {@code enable_thinking}: texts, booleans, numbers, lists and maps. */
    public ChatTemplate with(Map<String, ?> more) {
        Map<String, Object> both = new HashMap<>(variables);
        both.putAll(more);
        return new ChatTemplate(source, template, both);
    }

    /**
     * The conversation as text. For tokens take {@link ChatPrompt}: in this text, contents can't be told from the
     * template's own special tokens.
     *
     * @param addGenerationPrompt whether to end with the begin of an answer
     * @throws TemplateException if the template does not accept the conversation (some know no system turn), or needs
     *     something that is not supported
     */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Map<String, Object> values = new HashMap<>();
        values.put("tools", null);
        values.put("documents", null);
        values.putAll(variables);
        values.put("messages", messages.stream().map(ChatTemplate::values).toList());
        values.put("add_generation_prompt", addGenerationPrompt);
        return template.render(values);
    }

    /** The template itself. */
    String source() {
        return source;
    }

    private static Map<String, Object> values(ChatMessage message) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", message.role());
        values.put("content", message.content());
        return values;
    }
}
