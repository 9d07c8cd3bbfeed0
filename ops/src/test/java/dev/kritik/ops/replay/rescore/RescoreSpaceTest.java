/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import dev.kritik.schema.Topics;

/** A rescore can't write to the topics of the installation. */
class RescoreSpaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "team-a.", "rescore", "x"})
    void noTopicIsOneOfTheInstallation(String prefix) {
        Topics live = new Topics(prefix);
        RescoreSpace space = RescoreSpace.of(live, "k2");
        assertThat(space.own().rewards()).isEqualTo(prefix + "rescore.k2.rewards");
        assertThat(space.own().all()).doesNotContainAnyElementsOf(live.all());
    }

    @Test
    void thereIsNoSpaceWithOtherTopics() {
        Topics live = new Topics("a.");
        assertThatThrownBy(() -> new RescoreSpace("k2", live, live)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RescoreSpace("k2", live, new Topics("b.")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RescoreSpace.of(live, "k2").require(live))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not write to topics with prefix 'a.'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rescore.k2.", "team-a.rescore.k2."})
    void aRescoreIsNotRescored(String prefix) {
        assertThatThrownBy(() -> RescoreSpace.of(new Topics(prefix), "again"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which is a rescore's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a/b", "ä"})
    void saysWhatIsNoName(String name) {
        assertThatThrownBy(() -> RescoreSpace.of(new Topics(""), name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no name for a rescore");
    }

    @Test
    void theConfigurationNamesNoGroupOrProcessOfTheInstallation() {
        Map<String, String> config = RescoreSpace.of(new Topics("a."), "k2")
                .config(Map.of(
                        "topics.prefix", "a.",
                        "worker.group", "live",
                        "worker.name", "w1",
                        "stream.instance.id", "s1",
                        "stream.state.dir", "/var/lib/kritik",
                        "stream.http.address", "0.0.0.0:9100",
                        "stream.k", "4"));
        assertThat(config)
                .isEqualTo(Map.of(
                        "topics.prefix", "a.rescore.k2.", "stream.k", "4", "stream.collect.timeout.ms", "15000"));
    }

    @ParameterizedTest
    @CsvSource({"600000, 15000", "4000, 4000"})
    void membersThatWereMissingAreNotWaitedForLong(String configured, String own) {
        assertThat(RescoreSpace.of(new Topics(""), "k2").config(Map.of("stream.collect.timeout.ms", configured)))
                .containsEntry("stream.collect.timeout.ms", own);
    }
}
