/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.client.ClientException;
import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupReader;
import dev.kritik.client.GroupSource;
import dev.kritik.client.GroupWriter;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.trainer.run.TrainException;

/** The topics of an installation. */
public final class KafkaExchange implements Exchange {

    /** To read what was published since a checkpoint. */
    private static final Duration CATCH_UP = Duration.ofMinutes(10);

    private final Map<String, String> config;
    private final String job;
    private final GroupWriter writer;

    private KafkaExchange(Map<String, String> config, String job, GroupWriter writer) {
        this.config = config;
        this.job = job;
        this.writer = writer;
    }

    /**
     * Connects. An earlier process that writes for the same job can't write any more from here on.
     *
     * @param config {@code kafka.*}, {@code registry.*} and {@code topics.prefix}
     * @throws dev.kritik.schema.config.ConfigError if a key is missing or wrong
     * @throws dev.kritik.client.ClientException if the topic can't be written to
     */
    public static KafkaExchange open(Map<String, String> config, String job) {
        return new KafkaExchange(
                config,
                job,
                GroupWriter.open(config, transactions(KafkaSettings.from(config).topics()) + job));
    }

    /** How the transactional ids of these trainers begin; the job follows. */
    public static String transactions(Topics topics) {
        // With the prefix, as installations that share a cluster may have jobs of the same name.
        return topics.prefix() + "kritik-grpo-";
    }

    @Override
    public String rewards() {
        return "judge";
    }

    @Override
    public GroupPosition end() {
        try (GroupReader reader = GroupReader.open(config, job, Optional.empty(), GroupReader.Start.NOW)) {
            return reader.position();
        }
    }

    @Override
    public GroupSource read(GroupPosition from) {
        GroupReader reader = open(from);
        try {
            if (!reader.catchUp(CATCH_UP)) {
                throw new TrainException("what was published since the last checkpoint can't be read within "
                        + CATCH_UP.toMinutes() + " minutes; the same command tries again");
            }
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private GroupReader open(GroupPosition from) {
        try {
            return GroupReader.open(config, job, Optional.of(from), GroupReader.Start.NOW);
        } catch (ClientException e) {
            throw new TrainException(
                    "the topics can't be read on from where the run stood: " + e.getMessage()
                            + ". (Where they hold that place no more, this run can't go on without losing groups; a new one"
                            + " can begin with its weights: --model with its last checkpoint, and another --out)",
                    e);
        }
    }

    @Override
    public void publish(List<List<Rollout>> groups) {
        try {
            writer.write(groups);
        } catch (IllegalArgumentException e) { // a prompt that fills a record, for instance
            throw new TrainException("a group can't be published: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
