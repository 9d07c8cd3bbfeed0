/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.kritik.lm.EngineSettings;
import dev.kritik.lm.EngineSettings.Precision;
import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.generate.GenerationException.Reason;
import dev.kritik.lm.text.Tokenizer;
import dev.kritik.lm.torch.Decoder;
import dev.kritik.lm.torch.Fixture;
import dev.kritik.lm.torch.OnThread;

class GeneratorTest {

    private static final Instant LATER = Instant.MAX;

    @TempDir
    private Path folder;

    private Decoder decoder;
    private Tokenizer tokenizer;
    private Generator generator;

    @AfterEach
    void close() {
        if (generator != null) {
            generator.close();
            decoder.close();
            tokenizer.close();
        }
    }

    private Fixture open(String name, GeneratorSettings settings, InstantSource clock, Integer... endTokens)
            throws IOException {
        Fixture fixture = Fixture.of(name);
        decoder = Decoder.load(fixture.checkpoint(), Fixture.ENGINE);
        tokenizer = Tokenizer.open(fixture.checkpoint().tokenizerFile());
        generator = new Generator(decoder, tokenizer, List.of(endTokens), settings, clock);
        return fixture;
    }

    private Fixture open(String name, GeneratorSettings settings) throws IOException {
        return open(name, settings, InstantSource.system());
    }

    private Fixture open(String name) throws IOException {
        return open(name, GeneratorSettings.defaults());
    }

    private static GeneratorSettings rows(int rows) {
        return new GeneratorSettings(rows, 0, 2048, Duration.ofMillis(5), 100_000);
    }

    private static Sampling plain(int tokens) {
        return new Sampling(1, 0, 1, tokens, List.of());
    }

    private CompletableFuture<Generated> ask(int[] prompt, Sampling sampling, long seed) {
        return generator.generate(new GenerateRequest("t-" + seed, prompt, sampling, seed, LATER));
    }

    private static <T> List<T> all(List<CompletableFuture<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (CompletableFuture<T> future : futures) {
            results.add(future.get(60, TimeUnit.SECONDS));
        }
        return results;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bias", "qwen2", "qwen3", "gemma2"})
    void greedyTokensEqualTransformersOver200Tokens(String name) throws Exception {
        // Given
        Fixture fixture = open(name, new GeneratorSettings(32, 0, 2048, Duration.ofMillis(300), 100));
        int[] prompt = fixture.ints("prompt");
        // When: alone, and two more that share the prompt or some of it
        int[] longer =
                IntStream.concat(Arrays.stream(prompt), IntStream.of(7, 11)).toArray();
        List<Generated> texts = all(List.of(
                ask(prompt, Sampling.greedy(200), 1), ask(longer, plain(90), 2), ask(prompt, Sampling.greedy(200), 3)));
        Generated alone = ask(prompt, Sampling.greedy(200), 4).get(60, TimeUnit.SECONDS);
        // Then
        assertThat(texts.get(0).tokens()).containsExactly(fixture.ints("greedy"));
        assertThat(texts.get(2).tokens()).containsExactly(fixture.ints("greedy"));
        assertThat(alone.tokens()).containsExactly(fixture.ints("greedy"));
        assertThat(texts.get(0).finish()).isEqualTo(Finish.LENGTH);
        assertThat(texts.get(0).sharedTokens()).isEqualTo(prompt.length);
    }

    @Test
    void aSeedGivesTheSameTextInAnyCompany() throws Exception {
        // Given
        Fixture fixture = open("qwen3", rows(7));
        int[] prompt = fixture.ints("tokens");
        List<int[]> alone = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            alone.add(ask(prompt, plain(40), seed).get(60, TimeUnit.SECONDS).tokens());
        }
        // When: all together, with others of other prompts and lengths that come and go
        Random random = new Random(5);
        List<CompletableFuture<Generated>> together = new ArrayList<>();
        List<CompletableFuture<Generated>> others = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            together.add(ask(prompt, plain(40), seed));
            int[] other = random.ints(random.nextInt(3, 60), 5, 290).toArray();
            others.add(ask(other, plain(random.nextInt(1, 30)), 100 + seed));
        }
        // Then
        List<Generated> texts = all(together);
        for (int seed = 0; seed < 6; seed++) {
            assertThat(texts.get(seed).tokens()).containsExactly(alone.get(seed));
        }
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
        assertThat(all(others)).allSatisfy(text -> assertThat(text.tokens()).isNotEmpty());
    }

    @Test
    void logProbsAreThoseOfTheModelAtItsTemperature() throws Exception {
        // Given
        Fixture fixture = open("gemma2");
        int[] prompt = fixture.ints("prompt");
        double temperature = 0.7;
        // When: top-k and top-p limit what is drawn, not what is reported
        Sampling sampling = new Sampling(temperature, 20, 0.9, 25, List.of());
        Generated text = ask(prompt, sampling, 3).get(60, TimeUnit.SECONDS);
        // Then
        double[] expected = logProbs(prompt, text.tokens(), temperature);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) text.logProbs()[i]).isCloseTo(expected[i], within(1e-4));
        }
    }

    /** Log-probabilities of tokens behind a prompt, from logits that were computed without any cache. */
    private double[] logProbs(int[] prompt, int[] tokens, double temperature) {
        int[] whole =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(tokens)).toArray();
        int vocabulary = decoder.config().vocabSize();
        float[] logits = OnThread.call(decoder.thread(), () -> decoder.logits(whole));
        double[] logProbs = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            int row = (prompt.length - 1 + i) * vocabulary;
            double sum = 0;
            for (int token = 0; token < vocabulary; token++) {
                sum += Math.exp(logits[row + token] / temperature);
            }
            logProbs[i] = logits[row + tokens[i]] / temperature - Math.log(sum);
        }
        return logProbs;
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 1", "2, 12, 1", "2, 0, 0.6", "2, 12, 0.6", "20, 0, 0.97"})
    void tokensAreDrawnAsOftenAsTheModelSays(double temperature, int topK, double topP) throws Exception {
        Fixture fixture = open("qwen2", rows(256));
        assertDrawn(fixture.ints("prompt"), temperature, topK, topP);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "5, 0, 0.3", "5, 0, 0.999", "5, 1500, 0.9", "5, 500, 0.9"})
    void tokensAreDrawnAsOftenAsTheModelSaysFromALargeVocabulary(double temperature, int topK, double topP)
            throws Exception {
        decoder = Decoder.load(LargeVocabulary.write(folder, 3001), Fixture.ENGINE);
        tokenizer = Tokenizer.open(Fixture.of("qwen2").checkpoint().tokenizerFile());
        generator = new Generator(decoder, tokenizer, List.of(), rows(256), InstantSource.system());
        assertDrawn(new int[] {5, 2999, 17}, temperature, topK, topP);
    }

    private void assertDrawn(int[] prompt, double temperature, int topK, double topP) throws Exception {
        // Given: what Hugging Face's warpers leave of the model's distribution, computed here in another way
        int vocabulary = decoder.config().vocabSize();
        float[] logits = OnThread.call(decoder.thread(), () -> decoder.logits(prompt));
        double[] p = expected(logits, (prompt.length - 1) * vocabulary, vocabulary, temperature, topK, topP);
        int draws = 4000;
        // When
        Sampling sampling = new Sampling(temperature, topK, topP, 1, List.of());
        List<CompletableFuture<Generated>> texts = new ArrayList<>();
        for (int seed = 0; seed < draws; seed++) {
            texts.add(ask(prompt, sampling, seed));
        }
        Map<Integer, Integer> counts = new HashMap<>();
        all(texts).forEach(text -> counts.merge(text.tokens()[0], 1, Integer::sum));
        // Then: only tokens that may be drawn, and a chi-square that chance gives (5 standard deviations)
        double chiSquare = 0;
        int cells = 0;
        double[] rest = new double[8]; // rare tokens are counted together
        int[] restCounts = new int[8];
        for (int token = 0; token < vocabulary; token++) {
            int count = counts.getOrDefault(token, 0);
            if (p[token] == 0) {
                assertThat(count).as("token %d is filtered out", token).isZero();
            } else if (p[token] * draws < 5) {
                rest[token % 8] += p[token] * draws;
                restCounts[token % 8] += count;
            } else {
                chiSquare += Math.pow(count - p[token] * draws, 2) / (p[token] * draws);
                cells++;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (rest[i] > 5) {
                chiSquare += Math.pow(restCounts[i] - rest[i], 2) / rest[i];
                cells++;
            }
        }
        assertThat(cells).isGreaterThan(1);
        assertThat(chiSquare).isLessThan(cells - 1 + 5 * Math.sqrt(2.0 * (cells - 1)));
    }

    private static double[] expected(
            float[] logits, int from, int vocabulary, double temperature, int topK, double topP) {
        double[] p = new double[vocabulary];
        for (int token = 0; token < vocabulary; token++) {
            p[token] = Math.exp(logits[from + token] / temperature);
        }
        Integer[] order = IntStream.range(0, vocabulary)
                .boxed()
                .sorted((a, b) -> Double.compare(p[b], p[a]))
                .toArray(Integer[]::new);
        for (int rank = topK == 0 ? vocabulary : topK; rank < vocabulary; rank++) {
            p[order[rank]] = 0;
        }
        double sum = Arrays.stream(p).sum();
        double before = 0;
        for (int token : order) {
            double share = p[token] / sum;
            if (before >= topP) {
                p[token] = 0;
            }
            before += share;
        }
        double kept = Arrays.stream(p).sum();
        return Arrays.stream(p).map(value -> value / kept).toArray();
    }

    @Test
    void aStopTextEndsATextAndIsCutOff() throws Exception {
        // Given
        Fixture fixture = open("llama");
        int[] prompt = fixture.ints("prompt");
        String whole =
                ask(prompt, Sampling.greedy(60), 1).get(60, TimeUnit.SECONDS).text();
        String stop = whole.substring(20, 23);
        // When
        ConcurrentLinkedQueue<String> pieces = new ConcurrentLinkedQueue<>();
        Generated text = generator
                .generate(new GenerateRequest(
                        "s", prompt, new Sampling(0, 0, 1, 60, List.of(stop)), 1, LATER, pieces::add))
                .get(60, TimeUnit.SECONDS);
        // Then
        assertThat(text.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(text.finish()).isEqualTo(Finish.STOP);
        assertThat(String.join("", pieces)).isEqualTo(text.text());
    }

    @Test
    void anEndTokenEndsATextAndIsNotInIt() throws Exception {
        // Given: the 5th token of the greedy text is an end token
        Fixture greedy = Fixture.of("llama");
        int end = greedy.ints("greedy")[4];
        open("llama", GeneratorSettings.defaults(), InstantSource.system(), end);
        // When
        Generated text = ask(greedy.ints("prompt"), Sampling.greedy(60), 1).get(60, TimeUnit.SECONDS);
        // Then
        assertThat(text.finish()).isEqualTo(Finish.STOP);
        assertThat(text.tokens()).containsExactly(Arrays.copyOf(greedy.ints("greedy"), 5));
        assertThat(text.text()).isEqualTo(tokenizer.decode(Arrays.copyOf(greedy.ints("greedy"), 4), true));
    }

    @Test
    void aRowThatEndsIsFilledAgainWhileOthersGoOn() throws Exception {
        // Given: two rows; a long text and many short ones
        Fixture fixture = open("llama", rows(2));
        int[] prompt = fixture.ints("prompt");
        // When
        CompletableFuture<Generated> slow = ask(prompt, plain(400), 1);
        List<CompletableFuture<Generated>> quick = new ArrayList<>();
        for (int seed = 2; seed < 12; seed++) {
            quick.add(ask(prompt, plain(5), seed));
        }
        // Then: the short ones are all done before the long one is
        all(quick);
        assertThat(slow).isNotDone();
        assertThat(slow.get(60, TimeUnit.SECONDS).tokens()).hasSize(400);
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedAtOnce() throws Exception {
        // Given
        open("llama");
        int[] prompt = new int[decoder.config().maxPositions()];
        // When, Then
        assertThat(ask(prompt, plain(1), 1))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(GenerationException.class)
                .withMessageContaining("there is room for " + (prompt.length - 1));
    }

    @Test
    void aTextEndsWhereTheContextEnds() throws Exception {
        // Given
        open("llama");
        int[] prompt = new int[decoder.config().maxPositions() - 3];
        Arrays.fill(prompt, 9);
        // When
        Generated text = ask(prompt, plain(50), 1).get(60, TimeUnit.SECONDS);
        // Then
        assertThat(text.tokens()).hasSize(3);
        assertThat(text.finish()).isEqualTo(Finish.LENGTH);
    }

    @Test
    void aDeadlineEndsATextBetweenSteps() throws Exception {
        // Given: a clock that passes the deadline with the first piece of text
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Fixture fixture = open("llama", rows(2), now::get);
        AtomicInteger pieces = new AtomicInteger();
        // When
        CompletableFuture<Generated> text = generator.generate(
                new GenerateRequest("d", fixture.ints("prompt"), plain(400), 1, Instant.EPOCH.plusSeconds(1), piece -> {
                    pieces.incrementAndGet();
                    now.set(Instant.EPOCH.plusSeconds(2));
                }));
        // Then
        assertReason(text, Reason.DEADLINE);
        assertThat(pieces).hasValueLessThanOrEqualTo(2); // the first token, and a step in the same turn
        assertNothingRuns();
    }

    @Test
    void cancellingFreesTheRow() throws Exception {
        // Given: one row, and a text that goes on only when it was cancelled
        Fixture fixture = open("llama", rows(1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicInteger pieces = new AtomicInteger();
        CompletableFuture<Generated> text =
                generator.generate(new GenerateRequest("c", fixture.ints("prompt"), plain(400), 1, LATER, piece -> {
                    pieces.incrementAndGet();
                    begun.countDown();
                    awaitQuietly(cancelled);
                }));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        // When
        text.cancel(false);
        cancelled.countDown();
        // Then
        assertThat(ask(fixture.ints("tokens"), plain(3), 2)
                        .get(20, TimeUnit.SECONDS)
                        .tokens())
                .hasSize(3);
        assertThat(pieces).hasValueLessThanOrEqualTo(2); // the first token, and a step in the same turn
        assertNothingRuns();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertReason(CompletableFuture<Generated> text, Reason reason) {
        assertThat(text)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        GenerationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void assertNothingRuns() {
        await().untilAsserted(() -> {
            assertThat(generator.held().rows()).isZero();
            assertThat(generator.held().groups()).isZero();
        });
    }

    @Test
    void afterAFailureOfTheEngineWhatWasBegunFailsAndTheNextTextIsWritten() throws Exception {
        // Given: the caches are lost under a text that is being written
        Fixture fixture = open("llama", rows(1));
        AtomicInteger pieces = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        CompletableFuture<Generated> text =
                generator.generate(new GenerateRequest("f", fixture.ints("tokens"), plain(400), 1, LATER, piece -> {
                    begun.countDown();
                    awaitQuietly(queued);
                    if (pieces.incrementAndGet() == 2) {
                        decoder.reset();
                    }
                }));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Generated> behind = ask(fixture.ints("prompt"), Sampling.greedy(5), 3);
        // When
        queued.countDown();
        // Then
        assertReason(text, Reason.ENGINE);
        assertThat(behind.get(20, TimeUnit.SECONDS).tokens()).containsExactly(Arrays.copyOf(fixture.ints("greedy"), 5));
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        Fixture fixture = open("llama");
        Generated text = generator
                .generate(new GenerateRequest("l", fixture.ints("prompt"), Sampling.greedy(20), 1, LATER, piece -> {
                    throw new IllegalStateException("no");
                }))
                .get(20, TimeUnit.SECONDS);
        assertThat(text.tokens()).hasSize(20);
    }

    @Test
    void aFullQueueAndTokensThatTheModelDoesNotKnowAreRefused() throws Exception {
        // Given: one row and one place to wait
        Fixture fixture = open("llama", new GeneratorSettings(1, 0, 2048, Duration.ZERO, 1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Generated> first =
                generator.generate(new GenerateRequest("1", fixture.ints("prompt"), plain(2), 1, LATER, piece -> {
                    begun.countDown();
                    awaitQuietly(end);
                }));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        // When
        CompletableFuture<Generated> second = ask(fixture.ints("prompt"), plain(2), 2);
        CompletableFuture<Generated> third = ask(fixture.ints("prompt"), plain(2), 3);
        // Then
        assertReason(third, Reason.BUSY);
        end.countDown();
        all(List.of(first, second));
        assertThatThrownBy(() -> ask(new int[] {5, 300}, plain(2), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token 300");
        assertThatThrownBy(() -> ask(new int[0], plain(2), 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTextDoesNotDependOnHowItsNeighboursAreDrawn() throws Exception {
        // Given
        Fixture fixture = open("qwen2", new GeneratorSettings(8, 0, 2048, Duration.ofMillis(200), 100));
        int[] prompt = fixture.ints("prompt");
        List<Sampling> samplings = List.of(
                plain(30),
                Sampling.greedy(30),
                new Sampling(1.3, 7, 1, 30, List.of()),
                new Sampling(2, 0, 0.7, 30, List.of()));
        List<int[]> alone = new ArrayList<>();
        for (Sampling sampling : samplings) {
            alone.add(ask(prompt, sampling, 9).get(20, TimeUnit.SECONDS).tokens());
        }
        // When
        List<CompletableFuture<Generated>> together = new ArrayList<>();
        samplings.forEach(sampling -> together.add(ask(prompt, sampling, 9)));
        // Then
        assertThat(all(together).stream().map(Generated::tokens).toList()).containsExactlyElementsOf(alone);
    }

    @Test
    void smallerTypesWriteTextsWhoseLogProbsAreNearTheirOwnLogits() throws Exception {
        // Given
        Fixture fixture = Fixture.of("gemma2");
        decoder =
                Decoder.load(fixture.checkpoint(), new EngineSettings(Fixture.ENGINE.device(), Precision.BFLOAT16, 1));
        tokenizer = Tokenizer.open(fixture.checkpoint().tokenizerFile());
        generator = new Generator(decoder, tokenizer, List.of(), rows(4), InstantSource.system());
        int[] prompt = fixture.ints("tokens");
        // When
        List<Generated> texts = all(List.of(ask(prompt, plain(30), 1), ask(prompt, plain(30), 2)));
        // Then
        for (Generated text : texts) {
            double[] expected = logProbs(prompt, text.tokens(), 1);
            double sum = 0;
            for (int i = 0; i < expected.length; i++) {
                sum += Math.abs(text.logProbs()[i] - expected[i]);
            }
            assertThat(sum / expected.length).isLessThan(0.1);
        }
    }

    @Test
    void closingEndsAllTexts() throws Exception {
        // Given
        Fixture fixture = open("llama", rows(1));
        List<CompletableFuture<Generated>> texts =
                List.of(ask(fixture.ints("prompt"), plain(1_000), 1), ask(fixture.ints("prompt"), plain(9), 2));
        // When
        generator.close();
        // Then
        texts.forEach(text -> assertReason(text, Reason.CLOSED));
        assertReason(ask(fixture.ints("prompt"), plain(9), 3), Reason.CLOSED);
    }

    @Test
    void longPromptsInSmallChunksAndFullCachesGiveTheSameTexts() throws Exception {
        // Given: prompts that share beginnings of different lengths, in plenty of room
        Random random = new Random(11);
        int[] common = random.ints(70, 5, 290).toArray();
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] tail = random.ints(random.nextInt(0, 50), 5, 290).toArray();
            prompts.add(IntStream.concat(Arrays.stream(common, 0, i % 3 == 0 ? 30 : 70), Arrays.stream(tail))
                    .toArray());
        }
        open("gemma2");
        List<int[]> expected = generateAll(prompts);
        close();
        // When: chunks of 16 tokens, three rows, room for little more than one text
        open("gemma2", new GeneratorSettings(3, 200, 16, Duration.ofMillis(1), 100));
        // Then
        assertThat(generateAll(prompts)).containsExactlyElementsOf(expected);
    }

    private List<int[]> generateAll(List<int[]> prompts) throws Exception {
        List<CompletableFuture<Generated>> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            texts.add(ask(prompts.get(i), plain(20), i));
        }
        return all(texts).stream().map(Generated::tokens).toList();
    }

    @Test
    void memoryStaysFlatOver10000Generations() throws Exception {
        // Given
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs Linux");
        int room = 2_000;
        open("llama", new GeneratorSettings(32, room, 2048, Duration.ofMillis(1), 1_000));
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        // When
        generateMany(random, 2_000);
        long before = residentBytes();
        generateMany(random, 8_000);
        // Then: 8,000 texts that left 10 kB each would be 80 MB
        assertThat(residentBytes() - before).isLessThan(40L << 20);
        assertThat(generator.held().segmentTokens()).isLessThanOrEqualTo(room / 8);
    }

    private void generateMany(Random random, int count) throws Exception {
        for (int done = 0; done < count; done += 100) {
            int[] common = random.ints(random.nextInt(10, 200), 5, 290).toArray();
            List<CompletableFuture<Generated>> texts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int[] other = random.ints(random.nextInt(2, 20), 5, 290).toArray();
                texts.add(ask(i % 2 == 0 ? common : other, plain(random.nextInt(1, 8)), random.nextLong()));
            }
            all(texts);
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        String status = Files.readString(Path.of("/proc/self/status"));
        String kibibytes = status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9]", "");
        return Long.parseLong(kibibytes) * 1024;
    }
}
