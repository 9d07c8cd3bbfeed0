/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;

import java.util.HashMap;
import java.util.Map;

import dev.kritik.schema.Topics;

/**
 * Where Kafka is, how to talk to it, and what Kritik's topics are called there.
 *
 * <p>Every Kafka client of every role is made from {@link #client} or {@link #with}: there secrets have taken the place of
 * references to them. So these settings stay in memory; what other processes need is written from the keys, which have the
 * references.
 *
 * @param client settings for any of Kafka's clients: the keys under {@code kafka.}, without the prefix, ready for use
 * @param topics the names
 */
public record KafkaSettings(Map<String, Object> client, Topics topics) {

    public static final String BOOTSTRAP_SERVERS = Configs.KAFKA + "bootstrap.servers";
    public static final String TOPICS_PREFIX = "topics.prefix";

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    BOOTSTRAP_SERVERS,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    Importance.HIGH,
                    "Brokers to begin with, as host:port, separated by commas. Every other setting of a Kafka client can be"
                            + " given in the same way, with 'kafka.' in front of its name; for example"
                            + " kafka.security.protocol and kafka.sasl.jaas.config. Secrets in them are referred to:"
                            + " ${env:NAME}, ${file:/path:key} or ${dir:/folder:file} (docs/security.md).")
            .define(
                    TOPICS_PREFIX,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "Put before the name of every topic and group, so that several installations can share a cluster:"
                            + " 'team-a.' makes 'team-a.rewards'. At most 150 letters, digits, '.', '_' and '-'.");

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /**
     * Reads the settings out of all configuration, and what they refer to out of files and the environment.
     *
     * @throws ConfigError if a value is missing or wrong, or refers to something that isn't there; names the key
     */
    public static KafkaSettings from(Map<String, String> all) {
        return from(all, System.getenv());
    }

    static KafkaSettings from(Map<String, String> all, Map<String, String> environment) {
        AbstractConfig config = Configs.parse(DEF, all);
        try {
            Map<String, Object> client = ClientSecurity.prepare(Configs.kafka(all), environment);
            return new KafkaSettings(client, new Topics(config.getString(TOPICS_PREFIX)));
        } catch (IllegalArgumentException e) {
            throw new ConfigError(e.getMessage(), e);
        }
    }

    /** The client settings with others put over them: what a role's own client needs on top. */
    public Map<String, Object> with(Map<String, ?> more) {
        Map<String, Object> merged = new HashMap<>(client);
        merged.putAll(more);
        return merged;
    }

    /**
     * The settings of a producer of rollouts: what it says is written is on all copies, and there once.
     *
     * @param clientId by which brokers know it
     * @param own what else this one needs
     */
    public Map<String, Object> writingRollouts(String clientId, Map<String, ?> own) {
        Map<String, Object> merged = with(Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                clientId,
                // A rollout that somebody was told of survives the loss of a broker...
                ProducerConfig.ACKS_CONFIG,
                "all",
                // ...and is there once, in the order in which it was sent.
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // Texts shrink to a third, for little work.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"));
        merged.putAll(own);
        return merged;
    }

    /** Names brokers and prefix only: other settings may hold passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[bootstrap.servers=" + client.get("bootstrap.servers") + ", " + topics + "]";
    }
}
