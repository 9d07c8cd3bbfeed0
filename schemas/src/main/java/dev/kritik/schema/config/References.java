/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/**
 * Values that stand elsewhere: {@code ${env:NAME}}, {@code ${file:/path:key}} and {@code ${dir:/folder:file}} of KIP-297,
 * read by Kafka's own providers. Replaced when a role reads its settings, and in memory only: what is written for other
 * processes keeps the reference.
 *
 * <p>Two things go beyond Kafka's providers. A file's last line break is not part of a secret. And in quotes, as in
 * {@code password="${env:NAME}"}, the value is escaped for them, so that any password works.
 */
final class References {

    private static final Map<String, Supplier<ConfigProvider>> OTHERS =
            Map.of("file", FileConfigProvider::new, "dir", DirectoryConfigProvider::new);

    private References() {}

    /** Whether there is anything to replace. */
    static boolean in(String value) {
        return ConfigTransformer.DEFAULT_PATTERN.matcher(value).find();
    }

    /**
     * Replaces all references.
     *
     * @param key where the value stands, for errors
     * @param foreign providers that Kafka's clients know of; references to them stay for the clients
     * @throws ConfigError if a reference leads nowhere; names key and reference, never a value
     */
    static String resolve(String key, String value, Set<String> foreign, Map<String, String> environment) {
        Matcher found = ConfigTransformer.DEFAULT_PATTERN.matcher(value);
        StringBuilder resolved = new StringBuilder();
        while (found.find()) {
            if (!foreign.contains(found.group(1))) {
                String secret = lookUp(key, found, environment);
                found.appendReplacement(
                        resolved, Matcher.quoteReplacement(quoted(value, found) ? escape(secret) : secret));
            }
        }
        return found.appendTail(resolved).toString();
    }

    private static String lookUp(String key, Matcher found, Map<String, String> environment) {
        String provider = found.group(1);
        String path = found.group(3) == null ? "" : found.group(3);
        String name = found.group(4);
        Function<String, String> error = why -> key + " refers to " + found.group() + ", " + why;
        Supplier<ConfigProvider> source =
                provider.equals("env") ? () -> new EnvVarConfigProvider(environment) : OTHERS.get(provider);
        if (source == null) {
            throw new ConfigError(error.apply("but '" + provider + "' is none of env, file and dir, nor named in "
                    + Configs.KAFKA + "config.providers"));
        }
        String value;
        try (ConfigProvider opened = source.get()) {
            opened.configure(Map.of());
            value = new TreeMap<>(opened.get(path, Set.of(name)).data()).get(name);
        } catch (ConfigException e) {
            throw new ConfigError(error.apply("which can't be read: " + e.getMessage()), e);
        } catch (IOException e) {
            throw new ConfigError(error.apply("which can't be read"), e);
        }
        if (value == null || value.isEmpty()) {
            throw new ConfigError(error.apply(
                    switch (provider) {
                        case "env" -> "but the environment variable '" + name + "' is not set";
                        case "file" -> "but the file '" + path + "' has no key '" + name + "' with a value";
                        default -> "but there is no file '" + name + "' with content in the folder '" + path + "'";
                    }));
        }
        return provider.equals("dir") ? value.replaceFirst("\\R\\z", "") : value;
    }

    private static boolean quoted(String value, Matcher found) {
        return found.start() > 0
                && value.charAt(found.start() - 1) == '"'
                && found.end() < value.length()
                && value.charAt(found.end()) == '"';
    }

    private static String escape(String secret) {
        return secret.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
