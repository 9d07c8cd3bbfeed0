/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.judge.openai;

import static dev.kritik.worker.http.FaultyServer.breakOff;
import static dev.kritik.worker.http.FaultyServer.bytes;
import static dev.kritik.worker.http.FaultyServer.drop;
import static dev.kritik.worker.http.FaultyServer.hang;
import static dev.kritik.worker.http.FaultyServer.json;
import static dev.kritik.worker.http.FaultyServer.slow;
import static dev.kritik.worker.http.FaultyServer.trickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.kritik.schema.TraceContext;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.worker.http.FaultyServer;
import dev.kritik.worker.judge.Completion;
import dev.kritik.worker.judge.Generation;
import dev.kritik.worker.judge.Judge;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.judge.JudgeException;
import dev.kritik.worker.judge.JudgeException.Reason;
import dev.kritik.worker.judge.Judges;

@Timeout(60)
class OpenAiJudgeTest {

    private static final String ANSWER = """
            {"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Scores: \\\\boxed{8, 9}",\
            "reasoning_content":"\\\\boxed{1, 1}"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":11,"completion_tokens":5}}""";

    private FaultyServer server;
    private Judge judge;

    @BeforeEach
    void start() throws IOException {
        server = new FaultyServer().then(json(200, ANSWER));
        judge = open(Map.of());
    }

    @AfterEach
    void stop() {
        judge.close();
        server.close();
    }

    private Judge open(Map<String, String> more) {
        return open(server.url(), more);
    }

    private static Judge open(String url, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of("judge.openai.url", url, "judge.openai.model", "m"));
        keys.putAll(more);
        return Judges.open(
                JudgeConfig.from(keys),
                Map.of("KEY", "s3cret", "PADDED", "\ts3cret\r\n", "BROKEN", "s3cret\nmore")::get);
    }

    private static Generation generation(Duration patience) {
        return new Generation(
                "job/gruppe ü\n%/0", "the prompt", 7, Instant.now().plus(patience));
    }

    private CompletableFuture<Completion> generate() {
        return judge.generate(generation(Duration.ofSeconds(30)));
    }

    private static JudgeException failure(CompletableFuture<Completion> future) throws Exception {
        try {
            return new JudgeException(null, false, "no failure but " + future.get(50, TimeUnit.SECONDS), null);
        } catch (ExecutionException e) {
            return (JudgeException) e.getCause();
        }
    }

    private static void assertFails(CompletableFuture<Completion> future, Reason reason, boolean retryable)
            throws Exception {
        JudgeException failure = failure(future);
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    @Test
    void asksForOneTextWithItsOwnSeed() throws Exception {
        // Given
        judge = open(Map.of(
                "judge.openai.api.key.env", "KEY",
                "judge.openai.temperature", "0.7",
                "judge.openai.max.tokens.field", "max_completion_tokens",
                "judge.openai.extra.body", "{\"top_k\": 20, \"top_p\": null}"));

        // When
        Completion completion = generate().get();

        // Then
        assertThat(completion.text()).isEqualTo("Scores: \\boxed{8, 9}");
        assertThat(completion.finishReason()).isEqualTo("stop");
        assertThat(completion.promptTokens()).isEqualTo(11);
        assertThat(completion.completionTokens()).isEqualTo(5);
        FaultyServer.Seen seen = server.seen().getFirst();
        assertThat(seen.path()).isEqualTo("/v1/chat/completions");
        assertThat(seen.header("Authorization")).isEqualTo("Bearer s3cret");
        assertThat(seen.header("X-request-id")).isEqualTo("job/gruppe%20%C3%BC%0A%25/0");
        assertThat(seen.body().toString())
                .isEqualTo(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"the prompt\"}],\"n\":1,"
                                + "\"stream\":false,\"seed\":7,\"temperature\":0.7,\"max_completion_tokens\":2048,\"top_k\":20}");
        assertThat(judge.kind()).isEqualTo("openai");
        assertThat(judge.model()).isEqualTo("m");
    }

    @Test
    void tellsTheServerToWhichTraceARequestBelongs() throws Exception {
        TraceContext trace = new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, "a=1");

        judge.generate(new Generation(
                        "id", "p", 0, Instant.now().plusSeconds(30), Optional.empty(), false, Optional.of(trace)))
                .get();
        generate().get();

        assertThat(server.seen().getFirst().header("Traceparent")).isEqualTo(trace.parent());
        assertThat(server.seen().getFirst().header("Tracestate")).isEqualTo("a=1");
        assertThat(server.seen().getLast().header("Traceparent")).isEmpty();
    }

    @Test
    void isAwayFromARefusalUntilTheServerAnswersAgain() throws Exception {
        assertThat(judge.away()).isFalse();
        server.first(json(503, "{}"), json(503, "{}"));
        var generated = generate();
        await().pollInterval(Duration.ofMillis(2)).until(judge::away);

        generated.get();

        assertThat(judge.away()).isFalse();
    }

    @Test
    void takesAnAddressWithItsPathAsItIs() throws Exception {
        judge = open(server.url() + "/gateway/v1/", Map.of());

        generate().get();

        assertThat(server.seen().getFirst().path()).isEqualTo("/gateway/v1/chat/completions");
        assertThat(server.seen().getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void takesAnAnswerWithoutContentAsEmptyText() throws Exception {
        server.first(json(200, "{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":\"length\"}]}"));

        Completion completion = generate().get();

        assertThat(completion.text()).isEmpty();
        assertThat(completion.finishReason()).isEqualTo("length");
        assertThat(completion.promptTokens()).isNull();
    }

    @Test
    void doesNotMindTheContentTypeNorHalfCharactersInThePrompt() throws Exception {
        server.first(bytes(200, "text/html", ANSWER));

        Completion completion = judge.generate(new Generation(
                        "id", "half \ud800 character", 0, Instant.now().plusSeconds(30)))
                .get();

        assertThat(completion.text()).contains("boxed");
        assertThat(server.seen().getFirst().body().at("/messages/0/content").textValue())
                .isEqualTo("half ? character");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | oops | JUDGE_ERROR | true",
                "408 | {} | JUDGE_ERROR | true",
                "409 | {} | JUDGE_ERROR | true",
                "425 | {} | JUDGE_ERROR | true",
                "504 | {} | JUDGE_TIMEOUT | true",
                "400 | {\"error\":{\"message\":\"no such field\"}} | JUDGE_ERROR | false",
                "401 | {\"error\":{\"message\":\"wrong key s3cret\"}} | JUDGE_ERROR | false",
                "403 | {} | JUDGE_ERROR | false",
                "404 | {} | JUDGE_ERROR | false",
                "302 | {} | JUDGE_ERROR | false",
                "413 | {} | PROMPT_TOO_LONG | false",
                "400 | {\"message\":\"This model's maximum context length is 10 tokens. However, you requested 20\"}"
                        + " | PROMPT_TOO_LONG | false",
                "400 | {\"error\":{\"type\":\"exceed_context_size_error\",\"message\":\"request (9 tokens) exceeds\"}}"
                        + " | PROMPT_TOO_LONG | false",
            })
    void tellsFaultsApartByStatus(int status, String body, Reason reason, boolean retryable) throws Exception {
        // Given
        judge = open(Map.of("judge.openai.api.key.env", "KEY"));
        server.then(json(status, body, "Location", "http://127.0.0.1:1/"));

        // When
        JudgeException failure = failure(generate());

        // Then
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.getMessage()).contains(Integer.toString(status)).doesNotContain("s3cret");
        assertThat(server.seen()).hasSize(1);
    }

    private static final String TOO_LARGE = """
            {"error":{"message":"Request too large for gpt-4o in organization org-x on tokens per min (TPM): \
            Limit 30000, Requested 37313. The input or output tokens must be reduced in order to run successfully.",\
            "type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOO_LARGE,
                "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"TPM: Limit: 30,000, Used: 12, Requested: 37,313\"}}",
                "{\"message\":\"This model's maximum context length is 10 tokens\"}",
                "Request too large, please reduce your message size",
            })
    void aRequestThatARateLimitNeverLetsThroughIsTooLongAndLeavesOthersAlone(String body) throws Exception {
        // Given: any pause would be longer than the test waits
        judge = open(Map.of("judge.openai.concurrency", "1"));
        server.first(json(429, body, "Retry-After", "60"));

        // When
        assertFails(generate(), Reason.PROMPT_TOO_LONG, false);

        // Then
        assertThat(server.seen()).hasSize(1);
        assertThat(generate(Duration.ZERO).get().text()).contains("boxed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 1500.",
                "Rate limit reached for gpt-4o on requests per min (RPM): Limit 3, Used 3, Requested 1.",
                "Rate limit reached: Limit 0, Used 0, Requested 1.",
                "You waited too long; the queue is full",
            })
    void aRateLimitThatWillLetTheRequestThroughIsWaitedFor(String message) throws Exception {
        server.first(json(429, "{\"error\":{\"message\":\"" + message + "\"}}", "Retry-After", "0"));

        assertThat(generate().get().text()).contains("boxed");
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void takesAwayTheWhiteSpaceAroundTheApiKey() throws Exception {
        // Given
        judge = open(Map.of("judge.openai.api.key.env", "PADDED"));

        // When
        generate().get();

        // Then
        assertThat(server.seen().getFirst().header("Authorization")).isEqualTo("Bearer s3cret");
    }

    @Test
    void refusesAtStartAnApiKeyThatFitsInNoHeaderWithoutRepeatingIt() {
        assertThatThrownBy(() -> open(Map.of("judge.openai.api.key.env", "BROKEN")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("judge.openai.api.key.env")
                .hasMessageContaining("BROKEN")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void comesBackAfterAsLongAsTheServerWishes() throws Exception {
        // Given
        server.first(json(429, "{}", "Retry-After", "1"), json(503, "{}", "Retry-After", "0"));
        long begun = System.nanoTime();

        // When
        Completion completion = generate().get();

        // Then
        assertThat(completion.text()).contains("boxed");
        assertThat(server.seen()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(950));
        assertThat(completion.judgeMillis()).isLessThan(900);
    }

    @Test
    void comesBackInGrowingPausesWhenTheServerWishesNone() throws Exception {
        server.first(json(429, "{}"), json(503, "{}"), json(502, "bad gateway"));

        assertThat(generate().get().text()).contains("boxed");
        assertThat(server.seen()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 529, 502, 521, 522, 523})
    void whateverSaysThatNoRequestIsTakenIsNoFailure(int status) throws Exception {
        server.first(json(status, "{}", "Retry-After", "0"));

        assertThat(generate().get().text()).contains("boxed");
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void givesUpOnABusyServerAtTheDeadlineAndSendsNothingPastIt() throws Exception {
        // Given
        server.then(json(429, "{}", "Retry-After", "3600"));
        Instant deadline = Instant.now().plusMillis(400);

        // When
        JudgeException failure = failure(judge.generate(new Generation("id", "p", 0, deadline)));

        // Then
        assertThat(failure.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(failure.getMessage()).contains("429");
        assertThat(Instant.now()).isBetween(deadline, deadline.plusSeconds(5));
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void sendsNothingWhenTheDeadlineHasPassed() throws Exception {
        assertFails(judge.generate(generation(Duration.ofMillis(-1))), Reason.DEADLINE, false);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void boundsTheTimeOfAServerThatHangs() throws Exception {
        judge = open(Map.of("judge.openai.timeout.ms", "200"));
        server.first(hang());

        assertFails(generate(), Reason.JUDGE_TIMEOUT, true);
    }

    @Test
    void boundsTheTimeOfAServerThatTricklesAndClosesItsConnection() throws Exception {
        judge = open(Map.of("judge.openai.timeout.ms", "300"));
        server.first(trickle());

        JudgeException failure = failure(generate());

        assertThat(failure.reason()).isEqualTo(Reason.JUDGE_TIMEOUT);
        assertThat(failure.judgeMillis()).isGreaterThanOrEqualTo(300);
        assertThat(server.sawClientGo()).isTrue();
    }

    @Test
    void endsAnExchangeAtTheDeadline() throws Exception {
        server.first(trickle());

        assertFails(judge.generate(generation(Duration.ofMillis(300))), Reason.DEADLINE, false);
        assertThat(server.sawClientGo()).isTrue();
    }

    @Test
    void refusesAnswersThatAreBroken() throws Exception {
        server.first(
                breakOff(),
                json(200, ANSWER.substring(0, 100)),
                bytes(200, "text/html", "<html>try again</html>"),
                json(200, ""),
                json(200, "{}"),
                json(200, "[1]"),
                json(200, "{\"choices\":[{\"message\":{\"content\":[1]}}]}"),
                json(200, ANSWER + "}"),
                json(200, "[".repeat(100_000)));

        for (int i = 0; i < 9; i++) {
            assertFails(generate(), Reason.JUDGE_ERROR, true);
        }
        assertThat(generate().get().text()).contains("boxed");
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() throws Exception {
        judge = open(Map.of("judge.openai.response.max.bytes", "2000"));
        server.first(json(200, ANSWER + " ".repeat(5_000_000)));

        JudgeException failure = failure(generate());

        assertThat(failure.reason()).isEqualTo(Reason.JUDGE_ERROR);
        assertThat(failure.getMessage()).contains("2000 bytes", "judge.openai.response.max.bytes");
        assertThat(generate().get().text()).contains("boxed");
    }

    @Test
    void sendsAgainOnceWhenAConnectionIsDroppedBeforeAnyAnswer() throws Exception {
        server.first(drop());
        assertThat(generate().get().text()).contains("boxed");

        server.first(drop(), drop());
        assertFails(generate(), Reason.JUDGE_ERROR, true);
    }

    @Test
    void waitsForAServerThatIsNotThereYet() throws Exception {
        // Given: nobody listens
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        judge = open("http://127.0.0.1:" + port, Map.of());
        CompletableFuture<Completion> completion = generate();
        await().during(Duration.ofMillis(400)).until(() -> !completion.isDone());

        // When: it comes up
        server.close();
        server = new FaultyServer(port).then(json(200, ANSWER));

        // Then
        assertThat(completion.get().text()).contains("boxed");
    }

    @Test
    void saysAtTheDeadlineThatTheServerCouldNotBeReached() throws Exception {
        judge = open("http://127.0.0.1:1", Map.of());

        JudgeException failure = failure(judge.generate(generation(Duration.ofMillis(500))));

        assertThat(failure.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(failure.getMessage()).contains("can't be reached");
    }

    @Test
    void sendsNoMoreAtOnceThanAllowed() throws Exception {
        // Given
        judge = open(Map.of("judge.openai.concurrency", "4"));
        server.then(slow(30, json(200, ANSWER)));

        // When
        List<CompletableFuture<Completion>> all = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            all.add(generate());
        }
        for (CompletableFuture<Completion> one : all) {
            assertThat(one.get().text()).contains("boxed");
        }

        // Then
        assertThat(server.mostInside()).isEqualTo(4);
    }

    @Test
    void sendsFewerAtOnceAfterARefusal() throws Exception {
        // Given
        judge = open(Map.of("judge.openai.concurrency", "8"));
        server.first(json(429, "{}", "Retry-After", "0")).then(slow(50, json(200, ANSWER)));
        assertThat(generate().get().text()).contains("boxed");

        // When
        List<CompletableFuture<Completion>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(generate());
        }
        for (CompletableFuture<Completion> one : all) {
            assertThat(one.get().text()).contains("boxed");
        }

        // Then: four, and one more after each four
        assertThat(server.mostInside()).isBetween(4, 6);
    }

    @Test
    void endsTheWaitForAPlaceAtTheDeadline() throws Exception {
        judge = open(Map.of("judge.openai.concurrency", "1"));
        server.first(hang());
        CompletableFuture<Completion> first = generate();
        await().until(() -> server.inside() == 1);

        assertFails(judge.generate(generation(Duration.ofMillis(200))), Reason.DEADLINE, false);

        assertThat(server.seen()).hasSize(1);
        first.cancel(true);
    }

    @Test
    void cancellingClosesTheExchangeAndFreesItsPlace() throws Exception {
        // Given
        judge = open(Map.of("judge.openai.concurrency", "1"));
        server.first(trickle());
        CompletableFuture<Completion> trickling = generate();
        await().until(() -> server.inside() == 1);

        // When
        trickling.cancel(true);

        // Then
        assertThat(server.sawClientGo()).isTrue();
        assertThat(generate().get().text()).contains("boxed");
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        server.first(hang());
        CompletableFuture<Completion> hanging = generate();
        await().until(() -> server.inside() == 1);

        judge.close();

        assertFails(hanging, Reason.JUDGE_ERROR, false);
        assertFails(generate(), Reason.JUDGE_ERROR, false);
    }

    // ---- when somebody else could be asked

    private CompletableFuture<Completion> generate(Duration patience) {
        return judge.generate(new Generation("id", "p", 0, Instant.now().plusSeconds(30), Optional.of(patience), true));
    }

    @Test
    void aServerThatHangsHasHalfOfTheTimeLeft() throws Exception {
        // Given
        server.then(hang());
        Instant deadline = Instant.now().plusMillis(1_000);

        // When
        JudgeException failure =
                failure(judge.generate(new Generation("id", "p", 0, deadline, Optional.of(Duration.ZERO), true)));

        // Then
        assertThat(failure.reason()).isEqualTo(Reason.JUDGE_TIMEOUT);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.getMessage()).contains("half of the time left");
        assertThat(failure.judgeMillis()).isBetween(200L, 900L);
    }

    @Test
    void halfOfTheTimeLeftIsNeverMoreThanTheTimeout() throws Exception {
        judge = open(Map.of("judge.openai.timeout.ms", "100"));
        server.then(hang());

        JudgeException failure = failure(generate(Duration.ZERO));

        assertThat(failure.reason()).isEqualTo(Reason.JUDGE_TIMEOUT);
        assertThat(failure.getMessage()).contains("judge.openai.timeout.ms");
    }

    @Test
    void givesUpAServerThatTakesNoRequestsWhenThePatienceIsOver() throws Exception {
        // Given
        server.then(json(503, "{}", "Retry-After", "0"));
        long begun = System.nanoTime();

        // When
        JudgeException failure = failure(generate(Duration.ofMillis(200)));

        // Then
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("503");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
        assertThat(server.seen()).hasSizeGreaterThan(1);

        // When / Then: without any patience one request shows it, once the pause after the last refusal is over
        int before = server.seen().size();
        await().until(() -> {
            assertFails(generate(Duration.ZERO), Reason.UNAVAILABLE, false);
            return server.seen().size() > before;
        });
        assertThat(server.seen()).hasSize(before + 1);

        // When / Then: and shows that it is back
        server.then(json(200, ANSWER));
        await().ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> generate(Duration.ZERO).get().text().contains("boxed"));
    }

    @Test
    void givesUpAServerThatWantsToBeLeftAloneForLongerWithoutAskingItAgain() throws Exception {
        server.then(json(429, "{}", "Retry-After", "20"));

        assertFails(generate(Duration.ofMillis(100)), Reason.UNAVAILABLE, false);
        assertFails(generate(Duration.ZERO), Reason.UNAVAILABLE, false);

        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void givesUpAServerThatIsNotThere() throws Exception {
        judge = open("http://127.0.0.1:1", Map.of());

        JudgeException failure = failure(generate(Duration.ofMillis(100)));

        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("can't be reached");
    }

    @Test
    void patienceCutsNoSlowWriterShortNorAPlaceBehindOne() throws Exception {
        // Given
        judge = open(Map.of("judge.openai.concurrency", "1"));
        server.then(slow(150, json(200, ANSWER)));

        // When
        CompletableFuture<Completion> first = generate(Duration.ofMillis(10));
        CompletableFuture<Completion> second = generate(Duration.ofMillis(10));

        // Then
        assertThat(first.get().text()).contains("boxed");
        assertThat(second.get().text()).contains("boxed");
    }

    @Test
    void patienceCutsNobodyShortWhileOthersRequestsSucceed() throws Exception {
        // Given: one is being written, and who comes meanwhile is refused twice
        FaultyServer.Behaviour untilTheOtherIsLetIn = (exchange, server) -> {
            await().until(() -> server.seen().size() == 4);
            json(200, ANSWER).answer(exchange, server);
        };
        server.first(untilTheOtherIsLetIn, json(429, "{}", "Retry-After", "0"), json(429, "{}", "Retry-After", "0"));
        CompletableFuture<Completion> writing = generate(Duration.ZERO);
        await().until(() -> server.inside() == 1);

        // When
        CompletableFuture<Completion> refused = generate(Duration.ZERO);

        // Then
        assertThat(writing.get().text()).contains("boxed");
        assertThat(refused.get().text()).contains("boxed");
        assertThat(server.seen()).hasSize(4);
    }
}
