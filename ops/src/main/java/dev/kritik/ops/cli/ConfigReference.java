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

import dev.kritik.gateway.GatewayConfig;
import dev.kritik.monitor.dashboard.DashboardConfig;
import dev.kritik.monitor.lag.ExporterConfig;
import dev.kritik.ops.topics.TopicsConfig;
import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.JuryKeys;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.schema.config.NamedKeys;
import dev.kritik.schema.registry.RegistryConfig;
import dev.kritik.stream.JuryConfig;
import dev.kritik.stream.RuleConfig;
import dev.kritik.stream.StreamConfig;
import dev.kritik.telemetry.TelemetryConfig;
import dev.kritik.trainer.grpo.GrpoConfig;
import dev.kritik.trainer.metarm.MetaRmConfig;
import dev.kritik.trainer.rl.RlConfig;
import dev.kritik.trainer.run.TrainConfig;
import dev.kritik.worker.WorkerConfig;
import dev.kritik.worker.critic.CriticConfig;
import dev.kritik.worker.critic.JudgesConfig;
import dev.kritik.worker.judge.JudgeConfig;
import dev.kritik.worker.meta.MetaConfig;

/** The configuration reference, generated from the definitions by which each role reads its keys. */
public final class ConfigReference {

    /**
     * The keys of one role or part.
     *
     * @param title its name
     * @param about who reads these keys
     * @param definition the keys
     */
    record Section(String title, String about, ConfigDef definition) {

        /** Keys that have names of the operator's in them, with a placeholder for the names. */
        static Section of(String title, String about, NamedKeys family) {
            ConfigDef definition = new ConfigDef();
            for (ConfigKey key : family.each().configKeys().values()) {
                definition.define(
                        family.key(NamedKeys.PLACEHOLDER, key.name),
                        key.type,
                        key.defaultValue,
                        key.validator,
                        key.importance,
                        key.documentation);
            }
            return new Section(title, about, definition);
        }
    }

    /** Judges of a jury: keys of their own, and those of judge and prompt for one of them alone. */
    private static final NamedKeys JURY =
            new NamedKeys(JuryKeys.JUDGES, JuryKeys.FAMILY, JuryConfig.EACH, JudgesConfig.FOR_EACH);

    /** All sections, in the order of the flow. A role that is not named here has keys that every command refuses. */
    private static final List<Section> SECTIONS = List.of(
            new Section("Kafka", "Read by every role and command that talks to Kafka.", KafkaSettings.DEF),
            new Section(
                    "Schema registry",
                    "Read by every role and command that reads or writes records.",
                    RegistryConfig.DEF),
            new Section("Telemetry", "Read by every role.", TelemetryConfig.DEF),
            new Section("Topics", "Read by `kritik topics` and `kritik local`.", TopicsConfig.DEF),
            new Section("Rights", "Read by `kritik topics`.", AclConfig.DEF),
            new Section("Stream application", "Read by `kritik stream`.", StreamConfig.DEF),
            Section.of(
                    "Stream application: rules",
                    "Read by `kritik stream`. NAME stands for each name in `rules`.",
                    RuleConfig.KEYS),
            new Section("Jury", "Read by `kritik stream` and `kritik worker`.", JuryKeys.DEF),
            new Section("Jury: votes", "Read by `kritik stream`.", JuryConfig.DEF),
            Section.of("Jury: each judge", "Read by `kritik stream`, for each NAME in `jury.judges`.", JURY),
            new Section("Worker", "Read by `kritik worker`.", WorkerConfig.DEF),
            new Section("Worker: tries", "Read by `kritik worker`.", CriticConfig.DEF),
            new Section("Worker: judge", "Read by `kritik worker`.", JudgeConfig.DEF),
            new Section(
                    "Worker: jury",
                    "Read by `kritik worker`. For each name in `jury.judges`, any key of \"Worker: judge\" and"
                            + " `critic.prompt` may also be given with `jury.NAME.` in front; what is not given so holds as"
                            + " given without: `judge.openai.url` once for all, `jury.gpt.judge.openai.model` for one.",
                    JudgesConfig.DEF),
            new Section("Worker: Meta RM", "Read by `kritik worker`.", MetaConfig.DEF),
            new Section("Gateway", "Read by `kritik gateway`.", GatewayConfig.DEF),
            new Section("Lag exporter", "Read by `kritik exporter`.", ExporterConfig.DEF),
            new Section("Dashboard", "Read by `kritik dashboard`.", DashboardConfig.DEF),
            new Section("Training", "Read by `kritik train`.", TrainConfig.DEF),
            new Section("Training: RL", "Read by `kritik train rl`.", RlConfig.DEF),
            new Section("Training: Meta RM", "Read by `kritik train meta-rm`.", MetaRmConfig.DEF),
            new Section("Training: GRPO", "Read by `kritik train grpo`.", GrpoConfig.DEF));

    /** Whose keys have names of the operator's in them. Each has a section too. */
    private static final List<NamedKeys> FAMILIES = List.of(RuleConfig.KEYS, JURY);

    private static final String INTRODUCTION = """
            # Configuration

            One flat set of keys serves every role of an installation, so that one file can be given to all of them:
            `kritik stream --config kritik.properties`, `kritik worker --config kritik.properties`. A single key can be set
            with `--set key=value`, which is stronger than the file. A key that no role knows is refused, with the name of
            the nearest known one.

            Keys that start with `kafka.` go to every Kafka client without that prefix: `kafka.bootstrap.servers`,
            `kafka.security.protocol`, `kafka.sasl.mechanism` and so on, as Kafka documents them. Keys that end in `.ms`
            are durations in milliseconds. Keys that end in `.env` hold the name of an environment variable in which a
            secret stands, never the secret; where `NAME` is not set but `NAME_FILE` is, the secret is the content of that
            file. Secrets in `kafka.` keys are referred to: `${env:NAME}`, `${file:/path:key}`, `${dir:/folder:file}`
            (security.md).

            This page is written by `kritik config`.
            """;

    private ConfigReference() {}

    /** The definitions of all roles. */
    public static Collection<ConfigDef> definitions() {
        return SECTIONS.stream().map(Section::definition).toList();
    }

    /** The keys that have names of the operator's in them. */
    public static Collection<NamedKeys> families() {
        return FAMILIES;
    }

    /**
     * Checks the type and the limits of every value that is given; a key that is required and not given is passed over,
     * since not every process plays every role.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the first key that can't be used
     */
    static void check(Map<String, String> given) {
        for (Section section : SECTIONS) {
            ConfigDef onlyGiven = new ConfigDef();
            keys(section).stream().filter(key -> given.containsKey(key.name)).forEach(onlyGiven::define);
            Configs.parse(onlyGiven, given);
        }
        for (NamedKeys family : FAMILIES) {
            for (String name : family.names(given)) {
                family.of(name, given);
                family.over().forEach(general -> Configs.parse(forOne(family, name, general, given), given));
            }
        }
    }

    /** Those general keys that are given for one name alone, under the names by which they are given. */
    private static ConfigDef forOne(NamedKeys family, String name, ConfigDef general, Map<String, String> given) {
        ConfigDef own = new ConfigDef();
        for (ConfigKey key : general.configKeys().values()) {
            String whole = family.key(name, key.name);
            if (given.containsKey(whole)) {
                own.define(whole, key.type, key.defaultValue, key.validator, key.importance, key.documentation);
            }
        }
        return own;
    }

    /** The reference as a Markdown page. */
    public static String markdown() {
        return markdown(SECTIONS);
    }

    /** The reference as values that any JSON writer takes: a list of sections with their keys. */
    static List<Map<String, Object>> plain() {
        return plain(SECTIONS);
    }

    static String markdown(List<Section> sections) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Section section : sections) {
            page.append("\n## ").append(section.title()).append("\n\n").append(section.about());
            page.append("\n\n| Key | Type | Default | Limits | Meaning |\n|---|---|---|---|---|\n");
            for (ConfigKey key : keys(section)) {
                page.append("| `%s` | %s | %s | %s | %s |"
                                .formatted(
                                        key.name,
                                        type(key),
                                        defaultValue(key),
                                        cell(limits(key)),
                                        cell(key.documentation)))
                        .append('\n');
            }
        }
        return page.toString();
    }

    static List<Map<String, Object>> plain(List<Section> sections) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Section section : sections) {
            List<Map<String, Object>> keys = new ArrayList<>();
            for (ConfigKey key : keys(section)) {
                Map<String, Object> plain = new LinkedHashMap<>();
                plain.put("key", key.name);
                plain.put("type", type(key));
                plain.put("required", !key.hasDefault());
                plain.put("default", key.hasDefault() ? text(key) : null);
                plain.put("limits", limits(key));
                plain.put("meaning", key.documentation);
                keys.add(plain);
            }
            all.add(Map.of("section", section.title(), "about", section.about(), "keys", keys));
        }
        return all;
    }

    /** The keys in the order in which they are defined. */
    private static Collection<ConfigKey> keys(Section section) {
        return section.definition().configKeys().values();
    }

    private static String type(ConfigKey key) {
        return key.type.name().toLowerCase(Locale.ROOT);
    }

    private static String defaultValue(ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        String text = text(key);
        return text == null || text.isEmpty() ? "none" : "`" + cell(text) + "`";
    }

    private static String text(ConfigKey key) {
        return key.type == ConfigDef.Type.PASSWORD ? null : ConfigDef.convertToString(key.defaultValue, key.type);
    }

    private static String limits(ConfigKey key) {
        return key.validator == null ? "" : key.validator.toString();
    }

    private static String cell(String text) {
        return text == null ? "" : text.strip().replace("|", "\\|").replaceAll("\\s*\\n\\s*", " ");
    }
}
