/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of the settings for Kafka's clients before a client sees them: secrets put in, OAUTHBEARER made ready. */
final class ClientSecurity {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSecurity.class);

    private static final List<ConfigDef> CLIENTS =
            List.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef());

    /** Of the type of passwords in Kafka, but public: certificates. */
    private static final Set<String> NO_SECRETS =
            Set.of("ssl.keystore.certificate.chain", "ssl.truststore.certificates");

    /** The options of login modules that hold a secret. */
    private static final Pattern JAAS_SECRET = Pattern.compile("(?i)(password|secret)\\s*=");

    /** Lists of classes; Kafka gives them no type of their own. */
    private static final Set<String> LISTS_OF_PLUGINS =
            Set.of("metric.reporters", "interceptor.classes", "security.providers", "config.providers");

    /** System properties that Kafka's clients read; in an internal class of theirs. */
    private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.";

    private static final List<String> OAUTH_FILES = List.of(
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_FILE,
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_FILE,
            SaslConfigs.SASL_OAUTHBEARER_ASSERTION_TEMPLATE_FILE);

    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private ClientSecurity() {}

    /**
     * The settings as the clients need them.
     *
     * @param settings without the prefix {@value Configs#KAFKA}
     * @throws ConfigError if a reference leads nowhere; names the key, never a value
     */
    static Map<String, Object> prepare(Map<String, Object> settings, Map<String, String> environment) {
        Set<String> foreign = Stream.of(text(settings, "config.providers").split(","))
                .map(String::strip)
                .collect(Collectors.toSet());
        Map<String, Object> ready = new HashMap<>(settings);
        ready.replaceAll((key, value) -> {
            String text = value.toString();
            warnOfClearText(key, text);
            return References.resolve(Configs.KAFKA + key, text, foreign, environment);
        });
        prepareOauth(ready);
        return ready;
    }

    private static void warnOfClearText(String key, String value) {
        boolean secret = CLIENTS.stream()
                .map(client -> client.configKeys().get(key))
                .anyMatch(known -> known != null && known.type == ConfigDef.Type.PASSWORD);
        boolean clear = secret
                && !NO_SECRETS.contains(key)
                && !References.in(value)
                && (!key.equals(SaslConfigs.SASL_JAAS_CONFIG)
                        || JAAS_SECRET.matcher(value).find());
        if (clear && WARNED.add(key)) {
            LOG.atWarn()
                    .addKeyValue("key", Configs.KAFKA + key)
                    .log(
                            "a secret stands in clear in the configuration; put it into a file or an environment variable and"
                                    + " refer to it: ${dir:/folder:file}, ${file:/path:key} or ${env:NAME}");
        }
    }

    /**
     * With the address of an issuer, what Kafka wants besides follows from it. Its default handler makes unsigned tokens for
     * development; and it asks only addresses and reads only files that a system property of the JVM lists, which protects
     * servers that take settings from strangers. These settings are the operator's own.
     */
    private static void prepareOauth(Map<String, Object> settings) {
        String endpoint = text(settings, SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        if (endpoint.isBlank() || !"OAUTHBEARER".equals(settings.get(SaslConfigs.SASL_MECHANISM))) {
            return;
        }
        settings.putIfAbsent(
                SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, OAuthBearerLoginCallbackHandler.class.getName());
        settings.putIfAbsent(
                SaslConfigs.SASL_JAAS_CONFIG,
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
        allow(ALLOWED + "urls", Stream.of(endpoint, text(settings, SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL)));
        allow(
                ALLOWED + "files",
                OAUTH_FILES.stream()
                        .map(key -> text(settings, key))
                        .filter(file -> !file.isBlank())
                        .map(file -> Path.of(file.strip()).toAbsolutePath().toString()));
    }

    private static synchronized void allow(String property, Stream<String> more) {
        String all = Stream.concat(Stream.of(System.getProperty(property, "").split(",")), more)
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .distinct()
                .collect(Collectors.joining(","));
        if (!all.isEmpty()) {
            System.setProperty(property, all);
        }
    }

    private static String text(Map<String, Object> settings, String key) {
        return Objects.toString(settings.get(key), "");
    }

    /** All keys of all clients, without the prefix. */
    static Set<String> known() {
        return CLIENTS.stream()
                .flatMap(client -> client.names().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The first setting, if any, that brings a class of someone else's into the clients: it may have keys of its own, which
     * nobody knows here.
     *
     * @param all with the prefix {@value Configs#KAFKA}
     */
    static Optional<String> plugin(Map<String, String> all) {
        return all.keySet().stream()
                .filter(key -> key.startsWith(Configs.KAFKA))
                .filter(key -> isPlugin(key.substring(Configs.KAFKA.length())))
                .sorted()
                .findFirst();
    }

    private static boolean isPlugin(String key) {
        return LISTS_OF_PLUGINS.contains(key)
                || CLIENTS.stream()
                        .map(client -> client.configKeys().get(key))
                        .anyMatch(known -> known != null && known.type == ConfigDef.Type.CLASS);
    }
}
