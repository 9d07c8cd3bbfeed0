/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.topology.RocksMemory;

class StreamConfigTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new HashMap<>(StreamConfig.DEF.defaultValues());

        Map<String, Object> expected = new HashMap<>();
        expected.put("stream.k", 8);
        expected.put("stream.goal", "advantages");
        expected.put("stream.k.first", 2);
        expected.put("stream.k.step", 1);
        expected.put("stream.confidence", 0.97);
        expected.put("stream.adaptive.loss", 0.0125);
        expected.put("stream.k.meta", null);
        expected.put("stream.panel.size", 8);
        expected.put("stream.samples.per.request", 8);
        expected.put("stream.min.responses", 1);
        expected.put("stream.min.votes", 1);
        expected.put("stream.collect.timeout.ms", 600_000L);
        expected.put("stream.evaluate.timeout.ms", 600_000L);
        expected.put("stream.closed.retention.ms", 21_600_000L);
        expected.put("stream.max.group.size", 1024);
        expected.put("stream.max.k", 64);
        expected.put("stream.max.response.bytes", 262_144);
        expected.put("stream.max.messages.bytes", 524_288);
        expected.put("stream.max.request.bytes", 8_388_608);
        expected.put("stream.max.group.request.bytes", 67_108_864L);
        expected.put("stream.max.reward.bytes", 1_000_000);
        expected.put("stream.max.dead.letter.bytes", 1_000_000);
        expected.put("rules", List.of("empty", "self-praise", "injection"));
        expected.put("stream.commit.interval.ms", 50L);
        expected.put("stream.threads", 2);
        expected.put("stream.instance.id", "");
        expected.put("stream.standby.replicas", 0);
        expected.put("stream.replication", 3);
        expected.put("stream.state.dir", "");
        expected.put("stream.rocksdb.bytes", 134_217_728L);
        assertThat(defaults).isEqualTo(expected);
        assertThat(StreamConfig.DEF.configKeys().values())
                .allSatisfy(key -> assertThat(key.documentation).endsWith("."));
    }

    @ParameterizedTest
    @CsvSource({
        "stream.k,0",
        "stream.k,65",
        "stream.k.meta,-1",
        "stream.goal,top",
        "stream.k.first,0",
        "stream.k.step,0",
        "stream.confidence,0.4",
        "stream.adaptive.loss,2",
        "stream.panel.size,0",
        "stream.min.votes,0",
        "stream.collect.timeout.ms,0",
        "stream.commit.interval.ms,60000",
        "stream.replication,0",
        "stream.instance.id,a b",
        "stream.max.request.bytes,many"
    })
    void namesTheKeyOfAValueThatIsWrong(String key, String value) {
        assertThatThrownBy(() -> StreamConfig.from(Map.of(key, value)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({"1,4", "50,200", "400,1000", "5000,5000"})
    void oneThatIsBehindCommitsAfterFourTimesAsLongButASecondAtMost(String interval, long longest) {
        assertThat(StreamConfig.from(Map.of("stream.commit.interval.ms", interval))
                        .longestCommitIntervalMs())
                .isEqualTo(longest);
    }

    @Test
    void keepsStateUnderTheHomeOfTheUserUnlessAFolderIsGiven() {
        assertThat(StreamConfig.from(Map.of()).stateDir())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".kritik", "stream"));
        assertThat(StreamConfig.from(Map.of("stream.state.dir", "/data/x")).stateDir())
                .isEqualTo(Path.of("/data/x"));
    }

    @Test
    void setsUpKafkaStreams() {
        var all = Map.of(
                "kafka.bootstrap.servers", "a:1",
                "kafka.security.protocol", "SSL",
                "kafka.processing.guarantee", "at_least_once",
                "kafka.session.timeout.ms", "20000",
                "topics.prefix", "team.",
                "stream.instance.id", "stream-0");
        try (var memory = new RocksMemory(1 << 20)) {
            Map<String, Object> settings = StreamsSettings.of(StreamConfig.from(all), KafkaSettings.from(all), memory);

            assertThat(settings)
                    .containsEntry("application.id", "team.kritik-stream")
                    .containsEntry("security.protocol", "SSL")
                    .containsEntry("processing.guarantee", "exactly_once_v2")
                    .containsEntry("commit.interval.ms", 200L)
                    .containsEntry("consumer.group.instance.id", "stream-0")
                    .containsEntry("session.timeout.ms", "20000")
                    .containsEntry("producer.max.request.size", 8_388_608 + 65_536)
                    .containsEntry("producer.transaction.timeout.ms", 30_000)
                    .containsEntry("topic.max.message.bytes", 1_048_576 + 65_536)
                    .containsEntry("replication.factor", 3)
                    .containsEntry("statestore.cache.max.bytes", 32L << 20)
                    .containsEntry("ensure.explicit.internal.resource.naming", true)
                    .containsEntry("rocksdb.config.setter", RocksMemory.Setter.class);
            assertThat(new StreamsConfig(settings).getString("processing.guarantee"))
                    .isEqualTo("exactly_once_v2");
        }
    }

    @Test
    void pausesLongerWhileFailuresFollowEachOther() {
        var replacement = new ThreadReplacement(
                new CountDownLatch(1), KafkaSettings.from(Map.of("kafka.bootstrap.servers", "localhost:9092")));
        long second = 1_000_000_000L;

        assertThat(replacement.nextPause(second)).isEqualTo(Duration.ofMillis(500));
        assertThat(replacement.nextPause(2 * second)).isEqualTo(Duration.ofSeconds(1));
        assertThat(replacement.nextPause(3 * second)).isEqualTo(Duration.ofSeconds(2));
        for (int i = 4; i < 10; i++) {
            replacement.nextPause(i * second);
        }
        assertThat(replacement.nextPause(10 * second)).isEqualTo(Duration.ofSeconds(15));
        assertThat(replacement.nextPause(80 * second)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void endsWhenBrokersRefuseAndGoesOnAfterWhatPasses() {
        var replacement = new ThreadReplacement(
                new CountDownLatch(1), KafkaSettings.from(Map.of("kafka.bootstrap.servers", "localhost:9092")));

        assertThat(replacement.handle(new StreamsException(GroupAuthorizationException.forGroupId("kritik-stream"))))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(replacement.handle(new StreamsException("an outage")))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
}
