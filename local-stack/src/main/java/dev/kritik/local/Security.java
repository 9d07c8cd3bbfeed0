/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a secured stack knows: its certificates, its users' passwords, and the settings of broker and clients that follow.
 *
 * <p>Three listeners, all TLS 1.3 on 127.0.0.1. Clients come to SASL_SSL with a user's password or a token. MTLS takes
 * clients with a certificate of our authority, the broker's connections to itself among them; so does the controller's,
 * which no client needs. Nobody is anonymous on any of them. No password stands in a file of settings: the broker's own
 * identity is its certificate, and settings of clients name the file of the password.
 */
final class Security {

    static final String ADMIN = "admin";
    static final String REGISTRY = "registry";

    private static final String BROKER = "kritik-broker";

    private final Certificates certificates;
    private final SecretFiles secrets;
    private final Optional<OAuth> oauth;
    private final Path server;

    private Security(Certificates certificates, SecretFiles secrets, Optional<OAuth> oauth) {
        this.certificates = certificates;
        this.secrets = secrets;
        this.oauth = oauth;
        this.server = certificates.server(BROKER);
    }

    /** Makes certificates and the first passwords under this folder, or finds them there. */
    static Security in(Path data, Optional<OAuth> oauth) {
        SecretFiles secrets = new SecretFiles(data.resolve("secrets"));
        secrets.make(ADMIN);
        secrets.make(REGISTRY);
        return new Security(Certificates.in(data.resolve("tls"), secrets), secrets, oauth);
    }

    Certificates certificates() {
        return certificates;
    }

    SecretFiles secrets() {
        return secrets;
    }

    /** The server properties that make the difference. */
    Map<String, String> broker(int port, int mutualPort, int controllerPort) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "listeners",
                "SASL_SSL://127.0.0.1:" + port + ",MTLS://127.0.0.1:" + mutualPort + ",CONTROLLER://127.0.0.1:"
                        + controllerPort);
        settings.put("advertised.listeners", "SASL_SSL://127.0.0.1:" + port + ",MTLS://127.0.0.1:" + mutualPort);
        settings.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,MTLS:SSL,CONTROLLER:SSL");
        settings.put("inter.broker.listener.name", "MTLS");
        settings.put("listener.name.mtls.ssl.client.auth", "required");
        settings.put("listener.name.controller.ssl.client.auth", "required");
        settings.put("ssl.enabled.protocols", "TLSv1.3");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", server.toString());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificates.authority().toString());
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // Kafka's default, said here because all rests on it: what no ACL allows is refused.
        settings.put("allow.everyone.if.no.acl.found", "false");
        settings.put("super.users", "User:CN=" + BROKER + ";User:" + ADMIN);
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.put(
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        oauth.ifPresent(issuer -> settings.putAll(tokens(issuer)));
        return settings;
    }

    private static Map<String, String> tokens(OAuth issuer) {
        String listener = "listener.name.sasl_ssl.oauthbearer.";
        return Map.of(
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512,OAUTHBEARER",
                listener + "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                listener + "sasl.server.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
                listener + "sasl.oauthbearer.jwks.endpoint.url",
                issuer.jwks().toString(),
                listener + "sasl.oauthbearer.expected.issuer",
                issuer.issuer(),
                listener + "sasl.oauthbearer.expected.audience",
                issuer.audience());
    }

    /** What Kafka's clients need to come in as this user, without the password: its file is named. */
    Map<String, String> client(String user) {
        return withTrust(Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.jaas.config", jaas(user, "${dir:" + secrets.folder() + ":" + user + "}")));
    }

    /** What Kafka's clients need to come in with this certificate. */
    Map<String, String> mutual(String name) {
        return withTrust(Map.of(
                "security.protocol", "SSL",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", certificates.client(name).toString()));
    }

    /** Trust in our authority, for clients that authenticate by other means. */
    Map<String, String> withTrust(Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificates.authority().toString());
        return settings;
    }

    /** The broker's JVM asks only addresses that it was told about beforehand for keys. */
    Optional<String> allowedUrl() {
        return oauth.map(issuer -> issuer.jwks().toString());
    }

    static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }
}
