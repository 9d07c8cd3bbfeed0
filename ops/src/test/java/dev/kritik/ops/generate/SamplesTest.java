/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.lm.generate.Generated.Finish;
import dev.kritik.lm.generate.GenerationException;
import dev.kritik.lm.generate.Sampling;

/** Asking for samples and printing them, with a model that the test plays. */
class SamplesTest {

    private static final Sampling SAMPLING = new Sampling(0.8, 0, 1, 16, List.of());

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<GenerateRequest> requests = new ArrayList<>();

    private CompletableFuture<Generated> answer(GenerateRequest request) {
        requests.add(request);
        request.onText().accept("Hello");
        request.onText().accept(" world");
        return CompletableFuture.completedFuture(
                new Generated("Hello world", new int[] {1, 2, 3}, new float[] {-1, -2, -0.5f}, Finish.STOP, 5, 2, 30));
    }

    private Printer printer(boolean json, int count) {
        return new Printer(new PrintWriter(out), new PrintWriter(err), json, count, () -> {});
    }

    private Summary run(Samples samples, Printer printer, int count) throws InterruptedException {
        return samples.run(new int[] {4, 5}, SAMPLING, count, 7, printer.pieces(), printer::ended);
    }

    @Test
    void aSingleSampleIsPrintedAsItIsWritten() throws Exception {
        // When
        Summary summary = run(new Samples(this::answer), printer(false, 1), 1);

        // Then
        assertThat(out.toString()).isEqualTo("Hello world" + System.lineSeparator());
        assertThat(summary.tokens()).isEqualTo(3);
        assertThat(summary.promptTokens()).isEqualTo(5);
        assertThat(summary.firstSeconds()).isPositive().isLessThanOrEqualTo(summary.seconds());
        assertThat(summary.text()).contains("3 tokens in ", "tokens/s", "prompt 5 tokens", "seed 7");
    }

    @Test
    void severalSamplesHaveSeedsOfTheirOwnAndHeaders() throws Exception {
        // When
        Summary summary = run(new Samples(this::answer), printer(false, 2), 2);

        // Then
        assertThat(requests).extracting(GenerateRequest::seed).containsExactly(7L, 8L);
        assertThat(out.toString().lines())
                .containsExactly(
                        "--- sample 1 of 2, seed 7, 3 tokens, stop",
                        "Hello world",
                        "--- sample 2 of 2, seed 8, 3 tokens, stop",
                        "Hello world");
        assertThat(summary.tokens()).isEqualTo(6);
        assertThat(summary.text()).contains("of 2 samples 4 shared");
    }

    @Test
    void jsonHasALineForEachSampleAndNothingBetween() throws Exception {
        // When
        Summary summary = run(new Samples(this::answer), printer(true, 2), 2);

        // Then
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.get("sample").asInt()).isEqualTo(1);
        assertThat(second.get("seed").asLong()).isEqualTo(8);
        assertThat(second.get("text").asText()).isEqualTo("Hello world");
        assertThat(second.get("finish").asText()).isEqualTo("stop");
        assertThat(second.get("log_prob").asDouble()).isEqualTo(-3.5);
        assertThat(summary.json().at("/summary/tokens").asLong()).isEqualTo(6);
        assertThat(summary.json().at("/summary/tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void aSampleThatFailsIsNamedAndTheOthersGoOn() throws Exception {
        // Given
        Samples samples = new Samples(request -> {
            if (request.seed() == 7) {
                throw new GenerationException(GenerationException.Reason.PROMPT_TOO_LONG, "2 tokens, 1 fits");
            }
            return answer(request);
        });

        // When
        Summary summary = run(samples, printer(false, 2), 2);

        // Then
        assertThat(err.toString()).contains("sample 1 of 2: 2 tokens, 1 fits");
        assertThat(out.toString()).contains("sample 2 of 2");
        assertThat(summary.failed()).isEqualTo(1);
    }

    @Test
    void cancellingEndsWhatRuns() {
        // Given
        List<CompletableFuture<Generated>> running = new ArrayList<>();
        List<Samples> self = new ArrayList<>();
        Samples samples = new Samples(request -> {
            CompletableFuture<Generated> text = new CompletableFuture<>();
            running.add(text);
            if (running.size() == 2) {
                CompletableFuture<Void> unused =
                        CompletableFuture.runAsync(() -> self.getFirst().cancel());
            }
            return text;
        });
        self.add(samples);

        // When // Then
        assertThatThrownBy(() -> run(samples, printer(false, 2), 2)).isInstanceOf(InterruptedException.class);
        assertThat(running).hasSize(2).allSatisfy(text -> assertThat(text).isCancelled());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTextThatIsCutOffEndsItsLineAndNothingElseIsWritten() {
        // Given
        Printer text = printer(false, 1);
        Printer several = printer(false, 2);
        Printer json = printer(true, 1);
        Printer untouched = printer(false, 1);

        // When // Then
        List.of(several, json, untouched).forEach(printer -> {
            if (printer != untouched) {
                printer.pieces().accept("Hel");
            }
            printer.cut();
        });
        assertThat(out.toString()).isEmpty();
        text.pieces().accept("Hel");
        text.cut();
        assertThat(out.toString()).isEqualTo("Hel" + System.lineSeparator());
        text.pieces().accept("lo\n");
        text.cut();
        assertThat(out.toString()).endsWith("lo\n");
    }

    @Test
    void whenNobodyReadsTheOutputTheModelIsToldToStop() throws Exception {
        // Given
        List<String> told = new ArrayList<>();
        PrintWriter closed = new PrintWriter(new StringWriter()) {
            @Override
            public boolean checkError() {
                return true;
            }
        };
        Printer printer = new Printer(closed, new PrintWriter(err), false, 1, () -> told.add("stop"));

        // When
        run(new Samples(this::answer), printer, 1);

        // Then
        assertThat(told).contains("stop");
    }
}
