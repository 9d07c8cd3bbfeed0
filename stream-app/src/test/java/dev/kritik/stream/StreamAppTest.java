/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.local.Folders;
import dev.kritik.local.LocalStack;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.stream.core.Given;
import dev.kritik.stream.core.GroupId;

/** The application on a real broker and a real registry. */
@Timeout(300)
class StreamAppTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static LocalStack stack;

    @TempDir
    Path stateDir;

    @BeforeAll
    static void startStack() {
        stack = LocalStack.temporary();
    }

    @AfterAll
    static void stopStack() {
        stack.close();
    }

    @Test
    void givesEachGroupExactlyOneRewardThoughTheApplicationRestartsMidway() throws Exception {
        try (var installation = new Installation(stack, "restart.", stateDir)) {
            // Given
            installation.startWorker();
            int groups = 200;
            try (var app = new StreamApp(installation.config())) {
                app.start();
                for (int group = 0; group < groups / 2; group++) {
                    publish(installation, group, 0, size(group));
                }
                // Of the others only the first half: they are open when the application stops.
                for (int group = groups / 2; group < groups; group++) {
                    publish(installation, group, 0, size(group) / 2);
                }
                installation.flush();
                installation.readUntil(rewards -> rewards.size() >= groups / 4, PATIENCE);
                await().atMost(PATIENCE).until(app::ready);

                // When
                assertThat(app.close(Duration.ofSeconds(30))).isTrue();
            }
            for (int group = groups / 2; group < groups; group++) {
                publish(installation, group, size(group) / 2, size(group));
            }
            for (int group = 0; group < groups; group += 10) {
                publish(installation, group, 0, size(group));
            }
            try (var app = new StreamApp(installation.config())) {
                app.start();
                installation.flush();
                installation.readUntil(rewards -> rewards.size() >= groups, PATIENCE);
                // What follows on each partition shows that nothing further comes of what went before.
                publishMarkers(installation);
                installation.readUntil(rewards -> markers(rewards) == 40, PATIENCE);
            }

            // Then
            Set<String> seen = new HashSet<>();
            for (GroupReward reward : installation.read) {
                assertThat(seen.add(reward.getGroupId()))
                        .as("second reward of %s", reward.getGroupId())
                        .isTrue();
                assertThat(reward.getStatus()).as(reward.getGroupId()).isEqualTo(GroupStatus.OK);
                reward.getMembers()
                        .forEach(member -> assertThat(member.getReward()).isEqualTo(1.0 + member.getIndex() % 10));
            }
            assertThat(seen).hasSize(groups + 40);
            assertThat(deadLetters(installation)).isZero();
        }
    }

    @Test
    void findsItsStateAgainInTheClusterWhenTheDiskIsLost() throws Exception {
        try (var installation = new Installation(stack, "disk.", stateDir)) {
            // Given
            installation.startWorker();
            var open = new GroupId("job", "open", 0);
            var done = new GroupId("job", "done", 0);
            try (var app = new StreamApp(installation.config())) {
                app.start();
                installation.publish(
                        Given.rollout(open, 0, 2, FakeWorker.response(0)).build());
                installation.publish(
                        Given.rollout(done, 0, 1, FakeWorker.response(4)).build());
                installation.readUntil(rewards -> !rewards.isEmpty(), PATIENCE);
                await().atMost(PATIENCE).until(() -> app.totals().get("kritik.groups.open") == 1);
            }

            // When
            Folders.delete(stateDir);
            try (var app = new StreamApp(installation.config())) {
                app.start();
                installation.publish(
                        Given.rollout(done, 0, 1, FakeWorker.response(4)).build());
                installation.publish(
                        Given.rollout(open, 1, 2, FakeWorker.response(1)).build());
                installation.readUntil(rewards -> rewards.size() >= 2, PATIENCE);
                await().atMost(PATIENCE)
                        .until(() -> app.totals().containsKey("kritik.records.dropped.rollout.duplicate"));
                assertThat(app.totals()).containsEntry("kritik.groups.open", 0L);
            }

            // Then
            assertThat(installation.read).extracting(GroupReward::getGroupId).containsExactly("done", "open");
            assertThat(installation.read.getLast().getMembers())
                    .extracting(member -> member.getReward())
                    .containsExactly(1.0, 2.0);
        }
    }

    @Test
    void waitsForARegistryThatIsDownAndLosesNothing() throws Exception {
        try (var installation = new Installation(stack, "registry.", stateDir)) {
            // Given
            installation.publish(Given.rollout(new GroupId("job", "before", 0), 0, 1, "score 3")
                    .build());
            installation.publish("job/poison", new byte[] {9});
            installation.flush();
            stack.killRegistry();
            try (var app = new StreamApp(installation.config())) {
                app.start();
                await().atMost(PATIENCE).until(() -> app.totals().getOrDefault("kritik.rollouts", 0L) > 2);
                assertThat(deadLetters(installation)).isLessThanOrEqualTo(1);

                // When
                stack.startRegistry();

                // Then
                installation.startWorker();
                installation.readUntil(rewards -> !rewards.isEmpty(), PATIENCE);
            }
            assertThat(installation.read).singleElement().satisfies(reward -> {
                assertThat(reward.getGroupId()).isEqualTo("before");
                assertThat(reward.getStatus()).isEqualTo(GroupStatus.OK);
            });
            assertThat(deadLetters(installation)).isOne();
        }
    }

    @Test
    void saysWhichTopicsAreMissingAndHowToCreateThem() {
        var config = Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "topics.prefix",
                "nowhere.",
                "registry.url",
                stack.registryUrl(),
                StreamConfig.STATE_DIR,
                stateDir.toString());
        try (var app = new StreamApp(config)) {
            assertThatThrownBy(app::start)
                    .isInstanceOf(ConfigError.class)
                    .hasMessageContaining("nowhere.rollouts")
                    .hasMessageContaining("kritik topics create");
        }
    }

    @Test
    void refusesTopicsThatCantHoldWhatIsWrittenOrDontFitEachOther() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            List<NewTopic> topics = new ArrayList<>();
            for (String name : List.of("rollouts", "critiques", "critique-requests", "rewards", "dead-letters")) {
                topics.add(new NewTopic("small." + name, 1, (short) 1).configs(Map.of("max.message.bytes", "1048588")));
                topics.add(new NewTopic("uneven." + name, name.equals("critiques") ? 2 : 1, (short) 1));
            }
            admin.createTopics(topics).all().get();
        }
        assertThatThrownBy(() -> start("small."))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("small.critique-requests")
                .hasMessageContaining(StreamConfig.MAX_REQUEST_BYTES);
        assertThatThrownBy(() -> start("uneven."))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("uneven.critiques")
                .hasMessageContaining("partitions");
    }

    @Test
    void saysWhatIsWrongWithASettingOfKafka() {
        var config = Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "kafka.session.timeout.ms",
                "soon",
                "registry.url",
                stack.registryUrl(),
                StreamConfig.STATE_DIR,
                stateDir.toString());

        assertThatThrownBy(() -> new StreamApp(config).close())
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("session.timeout.ms");
    }

    private void start(String prefix) {
        try (var app = new StreamApp(Map.of(
                "kafka.bootstrap.servers",
                stack.bootstrapServers(),
                "topics.prefix",
                prefix,
                "registry.url",
                stack.registryUrl(),
                StreamConfig.STATE_DIR,
                stateDir.toString()))) {
            app.start();
        }
    }

    private static int size(int group) {
        return 2 + group % 11;
    }

    private static void publish(Installation installation, int group, int from, int to) {
        for (int index = from; index < to; index++) {
            installation.publish(Given.rollout(
                            new GroupId("job", "query-" + group, 0), index, size(group), FakeWorker.response(index))
                    .build());
        }
    }

    /** Enough groups that each partition gets some. */
    private static void publishMarkers(Installation installation) {
        for (int marker = 0; marker < 40; marker++) {
            installation.publish(Given.rollout(new GroupId("job", "marker-" + marker, 0), 0, 1, FakeWorker.response(0))
                    .build());
        }
        installation.flush();
    }

    private static long markers(List<GroupReward> rewards) {
        return rewards.stream()
                .filter(reward -> reward.getGroupId().startsWith("marker"))
                .count();
    }

    private static int deadLetters(Installation installation) {
        try (var reader = installation.reader(installation.topics.deadLetters())) {
            return reader.poll(Duration.ofSeconds(3)).count();
        }
    }
}
