/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

import java.util.HashMap;
import java.util.Map;

import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.core.Rules;
import dev.kritik.stream.topology.RocksMemory;

/** The settings of Kafka Streams. Some can be overruled by keys under {@code kafka.}, those that carry a promise can't. */
final class StreamsSettings {

    /** Keys, frames and headers of a record, at most, in bytes. */
    static final int ROOM = 64 * 1024;

    private static final int MIB = 1024 * 1024;
    private static final long CACHE_BYTES = 32L * MIB;

    private StreamsSettings() {}

    static String applicationId(KafkaSettings kafka) {
        return StreamApp.applicationId(kafka.topics());
    }

    static Map<String, Object> of(StreamConfig config, KafkaSettings kafka, RocksMemory memory) {
        Rules.Limits limits = config.rules().limits();
        Map<String, Object> settings = new HashMap<>();

        // These three first, so that keys under "kafka." overrule them.
        // A dead instance without a stable name is noticed after this time; one with a name may be away as long.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        // And the others hear of it with their next heartbeat.
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        // Requests repeat the conversation for each panel: text that compresses well.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putAll(kafka.client());

        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(kafka));
        // One terminal record for each group, also after a crash between reading and writing.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.longestCommitIntervalMs());
        // An idle thread looks this often whether a commit is due; by default ten times as long.
        settings.put(StreamsConfig.POLL_MS_CONFIG, 10);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
        // The default is the system's folder for temporary files, which is cleared behind our back.
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        // Of the heap, for all threads: what changes between two commits. See GroupStore.
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        // A rollout can have hundreds of kilobytes; the default of 1000 for each partition would fill the heap.
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
        // Names that are made up change with the topology, and the state under them is lost.
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // There is no global table; without this each start warns of them. The constant is deprecated already.
        settings.put("processing.exception.handler.global.enabled", true);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.Setter.class);
        settings.put(RocksMemory.SETTING, memory);
        // What a body needs: brokers take 1 MiB by default.
        int largestBody = Math.max(limits.responseBytes(), limits.messagesBytes()) + ROOM;
        settings.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Math.max(largestBody, MIB + ROOM));

        config.instanceId()
                .ifPresent(
                        id -> settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));

        int largestRecord = largestRecord(config);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), largestRecord);
        // Room for several of the largest records; 32 MiB is the default.
        settings.put(
                StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
                Math.max(32L * MIB, 2L * largestRecord));
        // A transaction that begins before the markers of the last one are on all copies is told to come again: soon.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 20);
        // Kafka Streams' own 10 seconds are too short for the requests of a large group, and an aborted transaction
        // would
        // be tried again for ever. Readers wait at most this long for what a lost instance left open.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000);
        return settings;
    }

    /** The largest record that is ever written, in bytes. */
    static int largestRecord(StreamConfig config) {
        Rules.Limits limits = config.rules().limits();
        int largest = Math.max(limits.requestBytes(), Math.max(config.maxRewardBytes(), config.maxDeadLetterBytes()));
        return Math.max(largest, Math.max(limits.responseBytes(), limits.messagesBytes())) + ROOM;
    }
}
