/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.kritik.lm.text.TokenizerFile.AddedToken;
import dev.kritik.lm.text.jinja.TemplateException;

/**
 * Conversations as tokens. What stands in a message is data: text of a control token in it, such as {@code <|im_end|>},
 * is encoded as the characters it is written with, so that a judged response can't end its turn and go on in another
 * role. Without such text the tokens are those of Hugging Face's {@code apply_chat_template}.
 *
 * <p>Control tokens are the special tokens of the tokenizer, and those of its other added tokens that the template itself
 * contains. {@code <think>} and {@code </think>} are left alone in turns of the assistant, where templates look for them.
 *
 * <p>How: each such text is put between two private characters that no message contains, the template is rendered, and
 * the result is encoded in pieces, the marked texts cut in two. (transformers 5 does it in the same way, if asked to.)
 * The marked text stays whole while the template runs, since templates look into contents, and cut them. Afterwards the
 * tokens are looked through: if there is a control token that the template did not write, the conversation is refused.
 */
public final class ChatPrompt {

    private static final int FIRST_PRIVATE = 0xF0000;
    private static final Set<String> THINKING = Set.of("<think>", "</think>");
    private static final String ASSISTANT = "assistant";

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ControlTokens inTurns;
    private final ControlTokens inAssistantTurns;
    private final ControlTokens added;
    private final Map<Integer, String> control;
    private final int[] newline;

    /** For the tokenizer and the template of one checkpoint. */
    public ChatPrompt(Tokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.control = tokenizer.addedTokens().stream()
                .filter(token -> token.special()
                        || (template.source().contains(token.content())
                                && !token.content().isBlank()))
                .collect(Collectors.toMap(AddedToken::id, AddedToken::content));
        List<String> texts = List.copyOf(control.values());
        this.inTurns = new ControlTokens(texts);
        this.inAssistantTurns = new ControlTokens(
                texts.stream().filter(text -> !THINKING.contains(text)).toList());
        this.added = new ControlTokens(
                tokenizer.addedTokens().stream().map(AddedToken::content).toList());
        this.newline = tokenizer.encode("\n", false);
    }

    /** The conversation, with the begin of an answer behind it: what a model is given to answer. */
    public int[] tokens(List<ChatMessage> messages) {
        return tokens(messages, true);
    }

    /**
     * The conversation. Tokens for the begin of a text are in it if the template writes them; none are added.
     *
     * @param addGenerationPrompt whether to end with the begin of an answer; no for a whole conversation, as a reward
     *     model reads it
     * @throws TemplateException if the template does not accept the conversation
     * @throws IllegalArgumentException if text in a message can't be encoded without a control token
     */
    public int[] tokens(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Marks marks = Marks.notIn(messages);
        List<ChatMessage> marked =
                messages.stream().map(message -> mark(message, marks)).toList();
        return encode(template.render(marked, addGenerationPrompt), marks);
    }

    private ChatMessage mark(ChatMessage message, Marks marks) {
        ControlTokens inContent = message.role().equals(ASSISTANT) ? inAssistantTurns : inTurns;
        return new ChatMessage(
                inTurns.replace(message.role(), marks::around), inContent.replace(message.content(), marks::around));
    }

    /** Text between a mark at its begin and one at its end is data; other marks only separate. */
    private int[] encode(String rendered, Marks marks) {
        IntStream.Builder tokens = IntStream.builder();
        int from = 0;
        boolean first = true;
        while (from <= rendered.length()) {
            int mark = marks.next(rendered, from);
            String text = rendered.substring(from, mark);
            encode(text, first, inTurns.in(text), tokens);
            first = first && text.isEmpty();
            if (mark == rendered.length()) {
                break;
            }
            from = mark + Marks.LENGTH;
            if (rendered.startsWith(marks.begin(), mark)) {
                String data = from < rendered.length() ? inTurns.at(rendered, from) : null;
                if (data != null && rendered.startsWith(marks.end(), from + data.length())) {
                    for (String piece : cut(data)) {
                        encode(piece, first, List.of(), tokens);
                        first = false;
                    }
                    from += data.length() + Marks.LENGTH;
                }
            }
        }
        return tokens.build().toArray();
    }

    /** Pieces that no added token is in. */
    private List<String> cut(String text) {
        for (int i = 0; i < text.length(); i++) {
            String token = added.at(text, i);
            if (token != null) {
                int middle = i + Character.charCount(text.codePointAt(i));
                if (token.length() == middle - i) {
                    throw refused(token);
                }
                List<String> pieces = new ArrayList<>(cut(text.substring(0, middle)));
                pieces.addAll(cut(text.substring(middle)));
                return pieces;
            }
        }
        return List.of(text);
    }

    private void encode(String text, boolean first, List<String> written, IntStream.Builder tokens) {
        if (text.isEmpty()) {
            return;
        }
        List<String> left = new ArrayList<>(written);
        for (int id : first ? tokenizer.encode(text, false) : encodeInside(text)) {
            String token = control.get(id);
            if (token != null && !left.remove(token)) {
                throw refused(token);
            }
            tokens.add(id);
        }
    }

    /** Some tokenizers put a space before a text: behind a newline, which is taken away again, they don't. */
    private int[] encodeInside(String text) {
        int[] ids = tokenizer.encode("\n" + text, false);
        boolean separate =
                ids.length >= newline.length && Arrays.equals(newline, 0, newline.length, ids, 0, newline.length);
        return separate ? Arrays.copyOfRange(ids, newline.length, ids.length) : tokenizer.encode(text, false);
    }

    private static IllegalArgumentException refused(String token) {
        return new IllegalArgumentException("a message has text that this tokenizer turns into its control token "
                + token + ": the conversation is refused");
    }

    /** Two characters for private use. */
    private record Marks(String begin, String end) {

        /** Characters of a mark. */
        static final int LENGTH = 2;

        static Marks notIn(List<ChatMessage> messages) {
            BitSet used = new BitSet();
            messages.stream()
                    .flatMapToInt(message -> IntStream.concat(
                            message.role().codePoints(), message.content().codePoints()))
                    .filter(c -> c >= FIRST_PRIVATE)
                    .forEach(c -> used.set(c - FIRST_PRIVATE));
            int begin = used.nextClearBit(0);
            int end = used.nextClearBit(begin + 1);
            return new Marks(Character.toString(FIRST_PRIVATE + begin), Character.toString(FIRST_PRIVATE + end));
        }

        String around(String text) {
            return begin + text + end;
        }

        /** Where the next mark is; the text's end if there is none. */
        int next(String text, int from) {
            for (int i = from; i < text.length(); i++) {
                if (Character.isHighSurrogate(text.charAt(i))
                        && (text.startsWith(begin, i) || text.startsWith(end, i))) {
                    return i;
                }
            }
            return text.length();
        }
    }
}
