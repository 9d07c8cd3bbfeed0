/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads configuration: one flat map of keys for all roles, so that one file can serve a whole installation. Each role
 * describes its keys in a {@link ConfigDef} (type, default, limits, words); keys under {@value #KAFKA} go to every Kafka
 * client as they are.
 */
public final class Configs {

    /** Prefix of the keys that are handed to Kafka's clients, without the prefix. */
    public static final String KAFKA = "kafka.";

    private static final Logger LOG = LoggerFactory.getLogger(Configs.class);

    private Configs() {}

    /**
     * Parses the keys of one definition; keys of others are passed over.
     *
     * @throws ConfigError if a value is missing, of the wrong type or out of its limits, or not a finite number
     */
    public static AbstractConfig parse(ConfigDef definition, Map<String, String> all) {
        Map<String, String> own = new HashMap<>(all);
        own.keySet().retainAll(definition.names());
        try {
            AbstractConfig config = new AbstractConfig(definition, own, false);
            config.values().forEach(Configs::requireFinite);
            return config;
        } catch (ConfigException e) {
            throw new ConfigError(e.getMessage(), e);
        }
    }

    /** Kafka's limits let NaN pass, which is neither below nor above anything, and infinity where there is no upper one. */
    private static void requireFinite(String key, Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw new ConfigException(key, value, "Value must be a finite number");
        }
    }

    /** The settings for Kafka's clients: the keys under {@value #KAFKA}, without that prefix. */
    public static Map<String, Object> kafka(Map<String, String> all) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(KAFKA))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(KAFKA.length()), Map.Entry::getValue));
    }

    /**
     * Refuses keys that no role knows. With a plugin for Kafka's clients, such as {@code kafka.ssl.engine.factory.class}, a
     * {@code kafka.} key that they don't know may be the plugin's own, and is only warned of.
     *
     * @throws ConfigError naming the unknown key and the nearest known one
     */
    public static void rejectUnknown(
            Map<String, String> all, Collection<ConfigDef> definitions, Collection<NamedKeys> families) {
        TreeSet<String> known = new TreeSet<>();
        definitions.forEach(definition -> known.addAll(definition.names()));
        ClientSecurity.known().forEach(name -> known.add(KAFKA + name));
        Optional<String> plugin = ClientSecurity.plugin(all);
        families.forEach(family -> known.addAll(family.known(all)));
        for (String key : new TreeSet<>(all.keySet())) {
            if (!known.contains(key)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
                        .orElse("none");
                if (plugin.isPresent() && key.startsWith(KAFKA)) {
                    warnOfPluginKey(key, plugin.get(), nearest);
                    continue;
                }
                String list = families.stream()
                        .filter(family -> family.claims(key))
                        .map(family -> "; names stand under " + family.list())
                        .findFirst()
                        .orElse("");
                throw new ConfigError("unknown configuration key '" + key + "'; the nearest known key is '" + nearest
                        + "'" + list + " (kritik config lists all keys)");
            }
        }
    }

    private static void warnOfPluginKey(String key, String plugin, String nearest) {
        if (!key.startsWith(KAFKA + "config.providers.")) { // the form that Kafka gives to the keys of these plugins
            LOG.atWarn()
                    .addKeyValue("key", key)
                    .addKeyValue("plugin", plugin)
                    .addKeyValue("nearest", nearest)
                    .log("Kafka's clients don't know this key; it is handed on for the plugin");
        }
    }

    /** Levenshtein distance: the fewest insertions, deletions and replacements that turn one text into the other. */
    public static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
