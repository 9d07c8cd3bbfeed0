/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.registry.RegistryUnavailableException;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.UndecodableException;

/** Gives the records of one job to the {@link Join}; those of others are told by their keys, and not decoded. */
final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** How old a record may be whose schema the registry does not know yet: its replicas may lag behind. */
    private static final long LAG_MS = 30_000;

    private final String rewardsTopic;
    private final String jobId;
    private final byte[] keyBegin;
    private final AvroDeserializer<Rollout> rollouts;
    private final AvroDeserializer<GroupReward> rewards;
    private final Join join;
    private long undecodable;

    Intake(Topics topics, String jobId, SchemaRegistry registry, Join join) {
        this.rewardsTopic = topics.rewards();
        this.jobId = jobId;
        this.keyBegin = Keys.of(jobId, "").getBytes(StandardCharsets.UTF_8);
        this.rollouts = new AvroDeserializer<>(registry, Rollout.class);
        this.rewards = new AvroDeserializer<>(registry, GroupReward.class);
        this.join = join;
    }

    /**
     * Takes a record of either topic.
     *
     * @throws RegistryUnavailableException if it can't be read now; nothing has changed, give it again later
     */
    void take(ConsumerRecord<byte[], byte[]> record) {
        int partition = record.partition();
        boolean ours = isOurs(record.key());
        if (record.topic().equals(rewardsTopic)) {
            if (ours) {
                decode(rewards, record)
                        .filter(reward -> isKey(record.key(), reward.getJobId(), reward.getGroupId()))
                        .ifPresent(reward -> join.reward(partition, record.offset(), reward));
            }
            join.rewardsRead(partition, record.offset() + 1);
        } else {
            if (ours) {
                decode(rollouts, record)
                        .filter(rollout -> isKey(record.key(), rollout.getJobId(), rollout.getGroupId()))
                        .ifPresent(rollout -> join.rollout(partition, record.offset(), rollout));
            }
            join.rolloutsRead(partition, record.offset() + 1);
        }
    }

    /** Records of the job that could not be read. */
    long undecodable() {
        return undecodable;
    }

    private boolean isOurs(byte[] key) {
        return key != null
                && key.length > keyBegin.length
                && Arrays.equals(key, 0, keyBegin.length, keyBegin, 0, keyBegin.length);
    }

    /** The stream application, too, puts aside what stands under another key. */
    private boolean isKey(byte[] key, String job, String group) {
        return job.equals(jobId) && Arrays.equals(key, Keys.of(job, group).getBytes(StandardCharsets.UTF_8));
    }

    private <T extends SpecificRecord> Optional<T> decode(
            AvroDeserializer<T> values, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(values.deserialize(record.topic(), record.value()));
        } catch (UndecodableException e) {
            if (e.code() == UndecodableException.Code.UNKNOWN_SCHEMA_ID
                    && Math.abs(System.currentTimeMillis() - record.timestamp()) < LAG_MS) {
                throw new RegistryUnavailableException("it may not know a new schema yet: " + e.getMessage(), e);
            }
            undecodable++;
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("passed over a record that can't be read");
            return Optional.empty();
        }
    }
}
