/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.ops.topics.TopicsConfig;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.worker.WorkerConfig;
            new Section("Kafka", "Read by every role and command that talks to Kafka.", KafkaSettings.DEF),
            new Section(
                    "Schema registry",
                    "Read by every role and command that reads or writes records.",
                    RegistryConfig.DEF),
            new Section("Topics", "Read by `kritik topics` and `kritik local`.", TopicsConfig.DEF),
            new Section("Worker", "Read by `kritik worker`.", WorkerConfig.DEF),
            new Section("Worker: tries", "Read by `kritik worker`.", CriticConfig.DEF),
            new Section("Worker: judge", "Read by `kritik worker`.", JudgeConfig.DEF),
            new Section("Worker: Meta RM", "Read by `kritik worker`.", MetaConfig.DEF));
