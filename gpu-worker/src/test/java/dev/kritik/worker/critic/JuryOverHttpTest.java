/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import static dev.kritik.worker.http.FaultyServer.json;
import static dev.kritik.worker.http.FaultyServer.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.Message;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.worker.Delivery;
import dev.kritik.worker.http.FaultyServer;

/** A jury of two real servers, as configured, on the system's clock. */
@Timeout(60)
class JuryOverHttpTest {

    private static final String ANSWER = """
            {"choices":[{"message":{"content":"Scores: \\\\boxed{8}"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":11,"completion_tokens":5}}""";

    private static final int SAMPLES = 8;

    private static CritiqueRequest request() {
        return CritiqueRequest.newBuilder()
                .setRequestId("request")
                .setJobId("job")
                .setGroupId("group")
                .setGroupAttempt(0)
                .setPartition(0)
                .setPanel(0)
                .setMessages(List.of(new Message("user", "What is 6 times 7?")))
                .setResponses(List.of(new PanelResponse(0, "42")))
                .setSamples(IntStream.range(0, SAMPLES)
                        .mapToObj(i -> new SampleSpec(i, (long) i, List.of(0), i % 2 == 0 ? "busy" : "slow"))
                        .toList())
                .setDeadlineMs(System.currentTimeMillis() + 30_000)
                .setCreatedMs(System.currentTimeMillis())
                .build();
    }

    private static List<Critique> critiques(Critic critic) throws Exception {
        List<Critique> critiques = new CopyOnWriteArrayList<>();
        critic.critique(request(), new Delivery(1, "worker-1"), critiques::add).get();
        assertThat(critiques)
                .hasSize(SAMPLES)
                .allSatisfy(critique -> assertThat(critique.getStatus()).isEqualTo(CritiqueStatus.OK));
        return critiques;
    }

    @Test
    void aServerThatTakesNoRequestsIsReplacedByASlowOneAndComesBack() throws Exception {
        try (FaultyServer busy = new FaultyServer().then(json(503, "{}"));
                FaultyServer slow = new FaultyServer().then(slow(300, json(200, ANSWER)))) {
            Map<String, String> keys = Map.of(
                    "jury.judges", "busy,slow",
                    "jury.patience.ms", "150",
                    "jury.retry.ms", "200",
                    "judge.openai.model", "m",
                    "jury.busy.judge.openai.url", busy.url(),
                    "jury.slow.judge.openai.url", slow.url());
            try (Jury jury = Jury.open(JudgesConfig.from(keys));
                    Critic critic =
                            new Critic(CriticConfig.from(keys), jury, Optional.empty(), new SimpleMeterRegistry())) {

                // When
                List<Critique> first = critiques(critic);

                // Then: patience with the one did not cut the other short
                assertThat(first).allSatisfy(critique -> {
                    assertThat(critique.getJudgeName()).isEqualTo("slow");
                    assertThat(critique.getReplaced()).isEqualTo(critique.getSample() % 2 == 0 ? "busy" : null);
                    assertThat(critique.getAttempt()).isEqualTo(1);
                });
                assertThat(slow.seen()).hasSize(SAMPLES);

                // When: it is back, and found so by a sample of a later request
                busy.then(json(200, ANSWER));
                List<Critique> last = List.of();
                for (int i = 0; i < 30 && last.stream().noneMatch(JuryOverHttpTest::fromBusy); i++) {
                    last = critiques(critic);
                }

                // Then
                assertThat(critiques(critic).stream().filter(JuryOverHttpTest::fromBusy))
                        .hasSize(SAMPLES / 2)
                        .allSatisfy(
                                critique -> assertThat(critique.getReplaced()).isNull());
            }
        }
    }

    private static boolean fromBusy(Critique critique) {
        return "busy".equals(critique.getJudgeName());
    }
}
