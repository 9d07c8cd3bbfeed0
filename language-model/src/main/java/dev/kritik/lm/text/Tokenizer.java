/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import dev.kritik.lm.checkpoint.CheckpointException;
import dev.kritik.lm.text.TokenizerFile.AddedToken;

/**
 * Text to tokens and back, as a checkpoint's {@code tokenizer.json} says: Hugging Face's own library, out of DJL's jar.
 * Safe for many threads at once; {@link #close()} waits for calls that run, and later calls fail.
 *
 * <p>It calls the library beneath DJL's {@code HuggingFaceTokenizer}, not that class itself, because that one cuts texts
 * at 512 tokens unless told otherwise, also fetches everything else that is known of each token, frees itself from the
 * garbage collector while another thread may still be in it, and reports its use to its makers. Here no text is cut or
 * padded, whatever the file says, and nothing is fetched or reported: unless they are set, {@code ai.djl.offline} and
 * {@code OPT_OUT_TRACKING} are set to true for the whole process. (Online, on a machine with a GPU, DJL would download
 * another native library.) Spaces before punctuation are not tidied up after decoding.
 */
public final class Tokenizer implements AutoCloseable {

    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
    private static final long CLOSED = 0;

    static {
        if (System.getenv("DJL_OFFLINE") == null && System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        if (System.getenv("OPT_OUT_TRACKING") == null && System.getProperty("OPT_OUT_TRACKING") == null) {
            System.setProperty("OPT_OUT_TRACKING", "true");
        }
    }

    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private final Path file;
    private final TokenizerFile facts;
    private final BitSet special = new BitSet();
    private final int anchor;
    private final String anchorText;
    private long handle;

    private Tokenizer(Path file, TokenizerFile facts, long handle) {
        this.file = file;
        this.facts = facts;
        this.handle = handle;
        facts.added().stream().filter(AddedToken::special).forEach(token -> special.set(token.id()));
        LIBRARY.disableTruncation(handle);
        LIBRARY.disablePadding(handle);
        this.anchor = findAnchor();
        this.anchorText = decode(new int[] {anchor}, true);
    }

    /**
     * Opens a tokenizer.
     *
     * @param tokenizerJson the file {@code tokenizer.json}
     * @throws CheckpointException if there is no such file, or it is none that the library can read
     */
    public static Tokenizer open(Path tokenizerJson) {
        if (!Files.isRegularFile(tokenizerJson)) {
            throw new CheckpointException(
                    tokenizerJson + " is missing. A checkpoint with only a tokenizer.model has to be"
                            + " converted first: load its tokenizer with Hugging Face transformers, and save it.");
        }
        try {
            TokenizerFile facts = TokenizerFile.read(tokenizerJson);
            LibUtils.checkStatus();
            long handle = LIBRARY.createTokenizerFromString(Files.readString(tokenizerJson));
            return new Tokenizer(tokenizerJson, facts, handle);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException(tokenizerJson + " can't be read as a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * The tokens of a text. Text of special tokens, such as {@code <|im_end|>}, becomes these tokens: for text of others
     * in a conversation use {@link ChatPrompt}. Characters that are no characters (halves of surrogate pairs) are
     * read as U+FFFD.
     *
     * @param addSpecialTokens whether to put in front (or behind) what the model expects there, for instance a token for
     *     the begin of the text; say no for the text of a chat template, which has it already
     */
    public int[] encode(String text, boolean addSpecialTokens) {
        String valid = wellFormed(text);
        Lock lock = use.readLock();
        lock.lock();
        try {
            long encoding = LIBRARY.encode(opened(), valid, addSpecialTokens);
            try {
                return narrow(LIBRARY.getTokenIds(encoding));
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The text of tokens. Tokens that there are not are left out; bytes that are no UTF-8 become U+FFFD.
     *
     * @param skipSpecialTokens whether to leave out special tokens
     */
    public String decode(int[] tokens, boolean skipSpecialTokens) {
        return decode(tokens, tokens.length, skipSpecialTokens);
    }

    /** The text of the first {@code count} tokens. */
    String decode(int[] tokens, int count, boolean skipSpecialTokens) {
        if (count == 0) {
            return "";
        }
        long[] wide = new long[count];
        for (int i = 0; i < count; i++) {
            wide[i] = tokens[i];
        }
        Lock lock = use.readLock();
        lock.lock();
        try {
            return LIBRARY.decode(opened(), wide, skipSpecialTokens);
        } finally {
            lock.unlock();
        }
    }

    /** Highest token and one: at least so many rows a model's embedding must have. */
    public int vocabSize() {
        return facts.ids().length();
    }

    /** Tokens that are found in a text before all else. */
    List<AddedToken> addedTokens() {
        return facts.added();
    }

    /** Whether a token adds nothing to a text that is decoded without special tokens. */
    boolean silent(int token) {
        return token < 0 || special.get(token) || !facts.ids().get(token);
    }

    /** Tokens that are one byte each; neighbouring ones are read together, as UTF-8. Empty for a byte-level vocabulary. */
    Map<Integer, Byte> byteTokens() {
        return facts.bytes();
    }

    /**
     * A token of ordinary text. What is decoded behind it is decoded as in the middle of a text: some decoders drop the
     * space at the begin.
     */
    int anchor() {
        return anchor;
    }

    /** The anchor's text. */
    String anchorText() {
        return anchorText;
    }

    @Override
    public void close() {
        Lock lock = use.writeLock();
        lock.lock();
        try {
            if (handle != CLOSED) {
                LIBRARY.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            lock.unlock();
        }
    }

    private long opened() {
        if (handle == CLOSED) {
            throw new IllegalStateException("the tokenizer of " + file + " is closed");
        }
        return handle;
    }

    private int findAnchor() {
        for (String text : List.of("a", "e", "o", "1", ".")) {
            int[] tokens = encode(text, false);
            if (tokens.length > 0) {
                int last = tokens[tokens.length - 1];
                String alone = decode(new int[] {last}, true);
                String twice = decode(new int[] {last, last}, true);
                if (alone.equals(text)
                        && twice.startsWith(alone)
                        && !silent(last)
                        && !facts.bytes().containsKey(last)) {
                    return last;
                }
            }
        }
        close();
        throw new IllegalStateException("it has no token for any of a, e, o, 1 and the full stop");
    }

    private static int[] narrow(long[] wide) {
        int[] tokens = new int[wide.length];
        for (int i = 0; i < wide.length; i++) {
            tokens[i] = (int) wide[i];
        }
        return tokens;
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
