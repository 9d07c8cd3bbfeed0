/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.ops.TinyCheckpoints;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.ops.rewards.Rewards;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.AvroSerializer;

/**
 * kill -9 of {@code kritik train grpo}. The test itself answers the groups, so that nothing depends on time;
 * {@link GrpoCrashEndToEndTest} kills everything, with a stream application and a worker.
 */
class GrpoKilledEndToEndTest {

    private static final int STEPS = 9;
    private static final int MEMBERS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void aTrainerThatIsKilledTakesEachGroupOnce() throws Exception {
        TinyCheckpoints.assumeNatives();
        try (Installation installation = new Installation(Map.of());
                Answers answers = new Answers(installation.config());
                GrpoRun run = new GrpoRun(
                        folder.resolve("killed"),
                        TinyCheckpoints.folder("llama"),
                        Files.writeString(folder.resolve("data.jsonl"), "{\"prompt\":\"a?\"}\n{\"prompt\":\"b?\"}\n"),
                        config(installation))) {
            // Given
            run.start();
            run.await("step 4, behind a checkpoint", PATIENCE, () -> answers.give() && run.step() >= 4);

            // When: groups are under way
            run.kill();
            run.start();
            run.await("step 7, behind the next", PATIENCE, () -> answers.give() && run.step() >= 7);
            run.kill();
            run.start();
            run.await("the end", PATIENCE, () -> answers.give() && run.endsWithin(Duration.ofMillis(1)));

            // Then
            assertThat(run.ending(PATIENCE)).as(run.lastWords()).isZero();
            Map<String, Long> counts = GrpoAccounts.check(run, installation.client(), STEPS, MEMBERS);
            assertThat(counts.get("trained")).isPositive();
            assertThat(counts.get("flat")).isPositive();
            assertThat(counts.get("unrewarded")).isPositive();
            assertThat(counts.get("trained") + counts.get("flat")).isEqualTo(2 * STEPS);
        }
    }

    private static Map<String, String> config(Installation installation) {
        Map<String, String> config = new TreeMap<>(installation.config());
        config.put("train.steps", Integer.toString(STEPS));
        config.put("train.batch", "2");
        config.put("train.checkpoint.every", "3");
        config.put("grpo.group.size", Integer.toString(MEMBERS));
        config.put("grpo.max.tokens", "4");
        return config;
    }

    /** Ends each group: of seven one has equal rewards, and one none. */
    private static final class Answers implements AutoCloseable {
        private final Connection to;
        private final TopicReader<Rollout> rollouts;
        private final KafkaProducer<String, GroupReward> rewards;
        private final Map<String, Integer> members = new HashMap<>();
        private int ended;

        Answers(Map<String, String> config) {
            to = new Connection(config);
            rollouts = TopicReader.open(to, to.topics().rollouts(), Rollout.class, true);
            rewards = new KafkaProducer<>(
                    Map.of("bootstrap.servers", config.get("kafka.bootstrap.servers")),
                    new StringSerializer(),
                    new AvroSerializer<>(to.registry(), GroupReward.class));
        }

        /** Always true. */
        boolean give() throws Exception {
            for (Rollout rollout : rollouts.poll(Duration.ofMillis(10))) {
                if (members.merge(rollout.getGroupId(), 1, Integer::sum) == MEMBERS) {
                    String key = Keys.of(rollout.getJobId(), rollout.getGroupId());
                    rewards.send(new ProducerRecord<>(to.topics().rewards(), key, answer(rollout)))
                            .get();
                    ended++;
                }
            }
            return true;
        }

        private GroupReward answer(Rollout to) {
            Integer first = ended % 7 == 6 ? null : 7;
            Integer second = ended % 7 == 6 ? null : ended % 7 == 3 ? 7 : 2;
            return GroupReward.newBuilder(
                            Rewards.of(to.getJobId(), to.getGroupId(), new Integer[] {first}, new Integer[] {second}))
                    .setPolicyVersion(to.getPolicyVersion())
                    .setClosedMs(System.currentTimeMillis())
                    .build();
        }

        @Override
        public void close() {
            rewards.close();
            rollouts.close();
            to.close();
        }
    }
}
