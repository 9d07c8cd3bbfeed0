/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

class TextStreamTest {

    private static final String TEXT =
            "  The judge 👩‍⚖️ reads:\n\nСудья читает; 评委先读题目。 é �, [[7, 3]] I don't. القاضي\n ";

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel", "llama2", "gemma", "unigram"})
    void givesOutWhatAllTokensDecodeToUpToTheFirstStopText(String name) {
        // Given
        long seed = System.nanoTime();
        System.out.println(name + ": seed " + seed);
        Random random = new Random(seed);

        // When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer(name)) {
            for (int round = 0; round < 1_500; round++) {
                int[] tokens = tokens(tokenizer, random);
                List<String> stops = stops(tokenizer.decode(tokens, true), random);
                follow(tokenizer, tokens, stops, "seed " + seed + ", round " + round);
            }
        }
    }

    private static void follow(Tokenizer tokenizer, int[] tokens, List<String> stops, String where) {
        TextStream stream = new TextStream(tokenizer, stops);
        StringBuilder given = new StringBuilder();
        String expected = "";
        boolean stopped = false;
        for (int i = 0; i < tokens.length && !stopped; i++) {
            given.append(stream.push(tokens[i]));

            String soFar = tokenizer.decode(Arrays.copyOf(tokens, i + 1), true);
            int first = stops.stream()
                    .mapToInt(soFar::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(-1);
            stopped = first >= 0;
            expected = stopped ? soFar.substring(0, first) : soFar;
            assertThat(stream.stopped()).as(where).isEqualTo(stopped);
            assertThat(stream.text()).as(where).isEqualTo(given.toString());
            assertThat(expected).as(where).startsWith(given.toString());
        }
        given.append(stream.finish());
        assertThat(given.toString()).as(where).isEqualTo(expected);
        assertThat(stream.text()).as(where).isEqualTo(expected);
    }

    /** Tokens of a text, tokens by chance, bytes by chance, or some of each. */
    private static int[] tokens(Tokenizer tokenizer, Random random) {
        List<Integer> tokens = new ArrayList<>();
        List<Integer> bytes = List.copyOf(tokenizer.byteTokens().keySet());
        int parts = 1 + random.nextInt(4);
        for (int part = 0; part < parts; part++) {
            switch (random.nextInt(4)) {
                case 0 ->
                    random.ints(random.nextInt(30), -1, tokenizer.vocabSize() + 1)
                            .forEach(tokens::add);
                case 1 ->
                    random.ints(random.nextInt(40), 0, 256)
                            .forEach(i -> tokens.add(bytes.isEmpty() ? i : bytes.get(i)));
                default -> {
                    int from = random.nextInt(TEXT.length());
                    int to = from + random.nextInt(TEXT.length() - from);
                    Arrays.stream(tokenizer.encode(TEXT.substring(from, to), false))
                            .forEach(tokens::add);
                }
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Parts of the text that will come, nearly such parts, and texts that won't come. */
    private static List<String> stops(String text, Random random) {
        List<String> stops = new ArrayList<>();
        String whole = text.replace("\uFFFD", "");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int[] points = whole.codePoints().toArray();
            int length = 1 + random.nextInt(8);
            if (points.length > length && random.nextInt(3) > 0) {
                stops.add(new String(points, random.nextInt(points.length - length), length));
            } else {
                stops.add(List.of("\n\n", "the end", "[[7, 3]] and", "Судья!", "e")
                        .get(random.nextInt(5)));
            }
        }
        return stops;
    }

    @Test
    void aCharacterOfSeveralTokensIsGivenOutAsAWhole() {
        // Given
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            int[] tokens = tokenizer.encode("x👩y", false);
            TextStream stream = new TextStream(tokenizer, List.of());

            // When
            List<String> pieces = IntStream.of(tokens)
                    .mapToObj(stream::push)
                    .filter(s -> !s.isEmpty())
                    .toList();

            // Then
            assertThat(tokens.length).isGreaterThan(4);
            assertThat(pieces).containsExactly("x", "👩", "y");
        }
    }

    @Test
    void whatMayBeginAStopTextWaitsUntilItIsClear() {
        // Given
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            TextStream stream = new TextStream(tokenizer, List.of("Q:Z"));
            List<String> pieces = new ArrayList<>();

            // When
            for (String part : List.of("a", "Q", ":", "b", "Q", ":", "Z", "c")) {
                IntStream.of(tokenizer.encode(part, false)).forEach(token -> pieces.add(stream.push(token)));
            }

            // Then
            assertThat(pieces).containsExactly("a", "", "", "Q:b", "", "", "", "");
            assertThat(stream.stopped()).isTrue();
            assertThat(stream.finish()).isEmpty();
            assertThat(stream.text()).isEqualTo("aQ:b");
        }
    }

    @Test
    void whatIsHeldBackComesAtTheEnd() {
        // Given
        try (Tokenizer tokenizer = Fixtures.tokenizer("gemma")) {
            TextStream stream = new TextStream(tokenizer, List.of("<table>x"));

            // When
            IntStream.of(tokenizer.encode("is <table>", false)).forEach(stream::push);

            // Then
            assertThat(stream.text()).isEqualTo("is ");
            assertThat(stream.finish()).isEqualTo("<table>");
            assertThatThrownBy(() -> stream.push(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aStopTextOfByteTokensIsSeenAtOnce() {
        // Given: a newline is the token <0x0A> there
        try (Tokenizer tokenizer = Fixtures.tokenizer("llama2")) {
            int[] tokens = tokenizer.encode("yes\n", false);
            TextStream stream = new TextStream(tokenizer, List.of("\n"));

            // When
            IntStream.of(tokens).forEach(stream::push);

            // Then
            assertThat(tokenizer.byteTokens()).containsKey(tokens[tokens.length - 1]);
            assertThat(stream.stopped()).isTrue();
            assertThat(stream.text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel", "llama2"})
    void theCostOfATokenDoesNotGrowWithTheText(String name) {
        // Given: texts, and bytes that are no text
        try (Tokenizer tokenizer = Fixtures.tokenizer(name)) {
            int[] text = tokenizer.encode(TEXT.repeat(20), false);
            int bad = tokenizer.byteTokens().entrySet().stream()
                    .filter(entry -> entry.getValue() == (byte) 0x80)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(200);
            int[] bytes = IntStream.generate(() -> bad).limit(text.length).toArray();

            // When
            for (int[] tokens : List.of(text, bytes)) {
                double first = microseconds(tokenizer, tokens, 1);
                double later = microseconds(tokenizer, tokens, 16);
                System.out.printf("%s: %.2f us per token, %.2f in a text 16 times as long%n", name, first, later);

                // Then: were all of the text decoded each time, it would be 16 times as much
                assertThat(later).isLessThan(6 * first + 5);
            }
        }
    }

    private static double microseconds(Tokenizer tokenizer, int[] tokens, int times) {
        double best = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            TextStream stream = new TextStream(tokenizer, List.of("\n\n\n\n", "<|never|>"));
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                IntStream.of(tokens).forEach(stream::push);
            }
            stream.finish();
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / ((double) times * tokens.length));
        }
        return best;
    }

    @Test
    void anEmptyStopTextIsRefused() {
        // Given, When, Then
        try (Tokenizer tokenizer = Fixtures.tokenizer("bytelevel")) {
            assertThatThrownBy(() -> new TextStream(tokenizer, List.of("a", "")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
