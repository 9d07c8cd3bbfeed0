/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

import dev.kritik.schema.Topics;
import dev.kritik.schema.config.ConfigError;

class BlueprintTest {

    private static final Topics NAMES = new Topics("p.");
    private static final Broker NEWEST = new Broker(2, "");

    @Test
    void everyKeyHasItsDefault() {
        // When
        Map<String, Object> defaults = new HashMap<>(TopicsConfig.DEF.defaultValues());
        // Then
        assertThat(defaults)
                .isEqualTo(Map.ofEntries(
                        Map.entry("topics.partitions", 12),
                        Map.entry("topics.replication", -1),
                        Map.entry("topics.min.insync", 0),
                        Map.entry("topics.max.message.bytes", 16_777_216),
                        Map.entry("topics.rollouts.retention.ms", 2_592_000_000L),
                        Map.entry("topics.critique.requests.retention.ms", 86_400_000L),
                        Map.entry("topics.critiques.retention.ms", 2_592_000_000L),
                        Map.entry("topics.rewards.retention.ms", 2_592_000_000L),
                        Map.entry("topics.dead.letters.retention.ms", 2_592_000_000L),
                        Map.entry("topics.group.lock.ms", 30_000),
                        Map.entry("topics.group.deliveries", 5)));
    }

    @Test
    void eachTopicGetsWhatItsKeysSay() {
        // Given
        TopicsConfig config = TopicsConfig.from(Map.of(
                "topics.partitions", "7",
                "topics.replication", "3",
                "topics.min.insync", "2",
                "topics.max.message.bytes", "2000000",
                "topics.rollouts.retention.ms", "1",
                "topics.critique.requests.retention.ms", "2",
                "topics.critiques.retention.ms", "3",
                "topics.rewards.retention.ms", "4",
                "topics.dead.letters.retention.ms", "-1"));
        // When
        Blueprint blueprint = Blueprint.of(config, NAMES, NEWEST);
        // Then
        assertThat(blueprint.topics()).extracting(TopicSpec::name).containsExactlyElementsOf(NAMES.all());
        assertThat(blueprint.topics()).allMatch(spec -> spec.partitions() == 7 && spec.replication() == 3);
        assertThat(blueprint.topics())
                .extracting(spec -> spec.settings().get("retention.ms"))
                .containsExactly("1", "2", "3", "4", "-1");
        assertThat(blueprint.topics())
                .extracting(spec -> spec.settings().get("max.message.bytes"))
                .containsExactly("2000000", "2000000", "2000000", "2000000", "2065536");
        assertThat(blueprint.topics())
                .allSatisfy(spec -> assertThat(spec.settings())
                        .containsEntry("cleanup.policy", "delete")
                        .containsEntry("min.insync.replicas", "2")
                        .containsEntry("compression.type", "producer"));
    }

    @Test
    void theBrokersMinInsyncIsLeftAloneUnlessAKeyIsSet() {
        // When
        Blueprint blueprint = Blueprint.of(TopicsConfig.from(Map.of()), NAMES, NEWEST);
        // Then
        assertThat(blueprint.topics())
                .allSatisfy(spec -> assertThat(spec.settings()).doesNotContainKey("min.insync.replicas"));
    }

    @Test
    void theShareGroupReadsFromTheBeginningCommittedOnlyAndKeepsWhatItGivesUp() {
        // Given
        TopicsConfig config =
                TopicsConfig.from(Map.of("topics.group.lock.ms", "20000", "topics.group.deliveries", "3"));
        // When
        Blueprint blueprint = Blueprint.of(config, NAMES, NEWEST);
        // Then
        assertThat(blueprint.group())
                .isEqualTo(Map.of(
                        "share.auto.offset.reset", "earliest",
                        "share.isolation.level", "read_committed",
                        "share.record.lock.duration.ms", "20000",
                        "share.delivery.count.limit", "3",
                        "errors.deadletterqueue.topic.name", "p.dead-letters",
                        "errors.deadletterqueue.copy.record.enable", "true"));
        assertThat(blueprint.topics().getLast().settings())
                .containsEntry("errors.deadletterqueue.group.enable", "true");
    }

    @Test
    void aBrokerThatAsksForAPrefixGetsASecondTopicForTheGroupsDeadLetters() {
        // When
        Blueprint blueprint = Blueprint.of(TopicsConfig.from(Map.of()), NAMES, new Broker(2, "dlq."));
        // Then
        assertThat(blueprint.group()).containsEntry("errors.deadletterqueue.topic.name", "dlq.p.dead-letters");
        assertThat(blueprint.topics()).hasSize(6);
        assertThat(blueprint.topics().get(4).settings()).doesNotContainKey("errors.deadletterqueue.group.enable");
        assertThat(blueprint.topics().get(5).name()).isEqualTo("dlq.p.dead-letters");
        assertThat(blueprint.topics().get(5).settings()).containsEntry("errors.deadletterqueue.group.enable", "true");
    }

    @Test
    void olderBrokersAreAskedForNothingTheyDoNotKnow() {
        // When
        Blueprint withoutQueues = Blueprint.of(TopicsConfig.from(Map.of()), NAMES, new Broker(1, "dlq."));
        Blueprint withoutShareGroups = Blueprint.of(TopicsConfig.from(Map.of()), NAMES, new Broker(0, "dlq."));
        // Then
        assertThat(withoutQueues.group()).hasSize(4).doesNotContainKey("errors.deadletterqueue.topic.name");
        assertThat(withoutShareGroups.group()).isEmpty();
        assertThat(withoutShareGroups.topics())
                .hasSize(5)
                .allSatisfy(
                        spec -> assertThat(spec.settings()).doesNotContainKey("errors.deadletterqueue.group.enable"));
    }

    @Test
    void aCopyCountThatCanNeverBeReachedIsRefusedByKey() {
        assertThatThrownBy(() -> TopicsConfig.from(Map.of("topics.replication", "1", "topics.min.insync", "2")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("topics.min.insync")
                .hasMessageContaining("topics.replication");
        assertThatThrownBy(() -> TopicsConfig.from(Map.of("topics.replication", "0")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("topics.replication");
        assertThatThrownBy(() -> TopicsConfig.from(Map.of("topics.group.lock.ms", "10")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("topics.group.lock.ms");
    }

    @Test
    void differencesAreNamedWithWhatIsAndWhatShouldBe() {
        // Given
        TopicSpec wanted = new TopicSpec("t", 3, (short) 2, Map.of("retention.ms", "5", "cleanup.policy", "delete"));
        FoundTopic found = new FoundTopic(4, 1, Map.of("retention.ms", "6", "cleanup.policy", "delete"));
        // When // Then
        assertThat(found.differences(wanted))
                .containsExactly(
                        "partitions: 4 instead of 3", "replication: 1 instead of 2", "retention.ms: 6 instead of 5");
        assertThat(new FoundTopic(3, 2, wanted.settings()).differences(wanted)).isEmpty();
    }
}
