/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.kritik.ops.rewards.Rewards;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;

class EvalRunTest {

    private static final String JOB = "job";

    private final MockProducer<String, Rollout> producer = new MockProducer<>(
            true,
            new RoundRobinPartitioner(),
            new StringSerializer(),
            new AvroSerializer<>(new InMemorySchemaRegistry(), Rollout.class));

    private int seen;
    private int mostUnderWay;

    private static List<EvalQuery> queries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new EvalQuery("q" + i, i % 2 == 0 ? "even" : "odd", 0, List.of(member(i, 0), member(i, 1))))
                .toList();
    }

    private static Rollout member(int query, int index) {
        return Rollout.newBuilder()
                .setJobId(JOB)
                .setGroupId("q" + query)
                .setIndex(index)
                .setGroupSize(2)
                .setMessages(List.of(new Message("user", "?")))
                .setResponse("r" + index)
                .build();
    }

    /** An installation: answers each group once its two members are there; q1 never, q2 twice. */
    private List<GroupReward> nextRewards(Duration atMost) {
        List<GroupReward> rewards = new ArrayList<>();
        int groups = producer.history().size() / 2;
        mostUnderWay = Math.max(mostUnderWay, groups - seen);
        for (; seen < groups; seen++) {
            String id = "q" + seen;
            if (!id.equals("q1")) {
                GroupReward reward = Rewards.of(JOB, id, new Integer[] {9}, new Integer[] {seen % 3 == 0 ? 10 : 2});
                rewards.add(reward);
                if (id.equals("q2")) {
                    rewards.add(reward);
                }
            }
        }
        rewards.add(Rewards.of("other job", "q1", new Integer[] {9}, new Integer[] {1}));
        return rewards;
    }

    private EvalReport run(int queries, int inFlight) {
        EvalRun run = new EvalRun(
                producer,
                this::nextRewards,
                new EvalRun.Limits("rollouts", inFlight, Duration.ofMillis(300)),
                new Progress(new PrintWriter(new StringWriter()), false));
        return EvalReport.of(queries(queries), run.run(JOB, queries(queries)));
    }

    @Test
    void saysWhichGroupsAreMissingOrRepeatedAndScoresTheRest() {
        // When
        EvalReport report = run(10, 4);

        // Then
        assertThat(report.complete()).isFalse();
        assertThat(report.troubles())
                .containsEntry("no reward in time", List.of("q1"))
                .containsEntry("more than one terminal record", List.of("q2"));
        assertThat(mostUnderWay).isLessThanOrEqualTo(4);
        assertThat(report.total().queries()).isEqualTo(9);
        assertThat(report.total().correct()).as("0, 3, 6 and 9 are wrong").isEqualTo(5);
        assertThat(report.byDomain()).containsOnlyKeys("even", "odd");
    }

    @Test
    void theJsonHasTheKeysOfItsContractInOrder() {
        JsonNode json = run(1, 1).json();

        List<String> keys = new ArrayList<>();
        json.fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .startsWith(
                        "queries",
                        "counted",
                        "correct",
                        "tied_top",
                        "skipped",
                        "accuracy",
                        "samples_used",
                        "samples_per_response",
                        "invalid_samples",
                        "statuses",
                        "seconds");
        assertThat(json.get("statuses").get("OK").asInt()).isEqualTo(1);
        assertThat(json.get("accuracy").asDouble()).isZero();
    }

    @Test
    void theTableShowsEachDomainAndAll() {
        assertThat(run(10, 4).text()).contains("even", "odd", "all", "55.56 %", "OK=9");
    }
}
