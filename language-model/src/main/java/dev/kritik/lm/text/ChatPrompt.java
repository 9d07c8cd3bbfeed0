/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
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
 * The marked text stays whole while the template runs, since templates look into contents, and cut them. One that cuts off
 * a mark, or changes what it finds, is found out by a second rendering, with harmless text instead of each marked one: it
 * must write the same control tokens. Afterwards the tokens are looked through: if there is a control token that the
 * template did not write, the conversation is refused.
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
     * @throws PromptException if the template refuses the conversation, or text in a message can't be encoded without a
     *     control token
     * @throws TemplateException if the template fails, and so is of no use
     */
    public int[] tokens(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Marks marks = Marks.notIn(messages);
        try {
            List<ChatMessage> marked = mark(messages, marks::around);
            List<Piece> pieces = pieces(template.render(marked, addGenerationPrompt), marks);
            if (!marked.equals(messages)) {
                List<ChatMessage> harmless = mark(messages, marks::instead);
                List<Piece> expected = pieces(template.render(harmless, addGenerationPrompt), marks);
                if (!written(pieces).equals(written(expected))) {
                    throw new PromptException("a message has text of this model's control tokens, and the chat template"
                            + " does something else with it than with other text: the conversation is refused");
                }
            }
            return encode(pieces);
        } catch (TemplateException e) {
            if (e.refused()) {
                throw new PromptException("the chat template refuses the conversation: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private List<ChatMessage> mark(List<ChatMessage> messages, UnaryOperator<String> with) {
        return messages.stream()
                .map(message -> new ChatMessage(
                        inTurns.replace(message.role(), with),
                        (message.role().equals(ASSISTANT) ? inAssistantTurns : inTurns)
                                .replace(message.content(), with)))
                .toList();
    }

    /**
     * A piece of what a template made.
     *
     * @param data whether it is control text out of a message
     */
    private record Piece(String text, boolean data) {}

    /** Control text between a mark at its begin and one at its end is data; other marks only separate. */
    private List<Piece> pieces(String rendered, Marks marks) {
        List<Piece> pieces = new ArrayList<>();
        boolean begun = false;
        for (int from = 0; from <= rendered.length(); ) {
            int mark = marks.next(rendered, from);
            boolean ended = rendered.startsWith(marks.end(), mark);
            String text = rendered.substring(from, mark);
            boolean control = !text.isEmpty() && text.equals(inTurns.at(text, 0));
            pieces.add(new Piece(text, begun && ended && control));
            begun = rendered.startsWith(marks.begin(), mark);
            from = mark + Marks.LENGTH;
        }
        return pieces;
    }

    /** The control texts that stand as such. */
    private List<String> written(List<Piece> pieces) {
        return pieces.stream()
                .filter(piece -> !piece.data())
                .flatMap(piece -> inTurns.in(piece.text()).stream())
                .toList();
    }

    private int[] encode(List<Piece> pieces) {
        IntStream.Builder tokens = IntStream.builder();
        boolean first = true;
        for (Piece piece : pieces) {
            for (String text : piece.data() ? cut(piece.text()) : List.of(piece.text())) {
                encode(text, first, piece.data() ? List.of() : inTurns.in(text), tokens);
                first = first && text.isEmpty();
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

    private static PromptException refused(String token) {
        return new PromptException("a message has text that this tokenizer turns into its control token " + token
                + ": the conversation is refused");
    }

    /** Three characters for private use. */
    private record Marks(String begin, String end, String filler) {

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
            int filler = used.nextClearBit(end + 1);
            return new Marks(
                    Character.toString(FIRST_PRIVATE + begin),
                    Character.toString(FIRST_PRIVATE + end),
                    Character.toString(FIRST_PRIVATE + filler));
        }

        String around(String text) {
            return begin + text + end;
        }

        /** Harmless text, as long as the given one. */
        String instead(String text) {
            return around(filler.repeat(text.codePointCount(0, text.length())));
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
