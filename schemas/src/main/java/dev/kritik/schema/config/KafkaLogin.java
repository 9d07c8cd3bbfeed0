/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Looks, before a role starts, whether Kafka lets it in. Clients that nobody waits for would say it in their logs only, and
 * some try for ever.
 */
public final class KafkaLogin {

    /** A broker that is away is waited for elsewhere; this only has to be long enough for a busy one. */
    private static final int PATIENCE_MS = 5_000;

    private static final int TLS_MS = 2_000;

    private KafkaLogin() {}

    /**
     * Returns when a broker has let us in, or after five seconds when none answers: it may come later.
     *
     * @return whether one has
     * @throws ConfigError if a broker refuses us, if we don't trust its certificate, if it speaks TLS and we don't, or if
     *     Kafka's clients can't use the settings; says which keys to look at, and never a value of a secret
     */
    public static boolean check(KafkaSettings kafka) {
        Map<String, Object> settings = kafka.with(Map.of(
                // As the time for one answer must not be above that for all.
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS));
        String servers = String.valueOf(settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        try (Admin admin = Admin.create(settings)) {
            var unused = admin.describeCluster().clusterId().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException refused) {
                throw refused(servers, refused);
            }
            requireTlsWhereItIsSpoken(servers, settings);
            return false;
        } catch (KafkaException e) {
            throw new ConfigError(
                    "Kafka's clients can't use the keys under " + Configs.KAFKA + ": "
                            + innermost(e).getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ConfigError refused(String servers, AuthenticationException refused) {
        String where = "the Kafka broker at " + servers + " (" + KafkaSettings.BOOTSTRAP_SERVERS + ")";
        if (refused instanceof SslAuthenticationException) {
            return new ConfigError(
                    "no TLS connection to " + where + ": " + innermost(refused).getMessage()
                            + "; look at kafka.ssl.truststore.location (whom we trust), at the names in the broker's"
                            + " certificate, and at kafka.ssl.keystore.location where it asks for ours",
                    refused);
        }
        return new ConfigError(
                where + " refuses the login: " + refused.getMessage()
                        + "; look at kafka.sasl.mechanism and at user and secret in kafka.sasl.jaas.config or"
                        + " kafka.sasl.oauthbearer.*",
                refused);
    }

    private static void requireTlsWhereItIsSpoken(String servers, Map<String, Object> settings) {
        String protocol =
                String.valueOf(settings.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT"));
        if (protocol.endsWith("PLAINTEXT")) {
            Stream.of(servers.split(","))
                    .map(String::strip)
                    .filter(KafkaLogin::speaksTls)
                    .findFirst()
                    .ifPresent(server -> {
                        throw new ConfigError(
                                "the Kafka broker at " + server + " speaks TLS, but kafka.security.protocol is "
                                        + protocol + "; set it to SASL_SSL, or to SSL");
                    });
        }
    }

    /** Tries to shake hands: a certificate, trusted or not, comes only from a server that speaks TLS. */
    private static boolean speaksTls(String server) {
        Optional<Address> address = address(server);
        if (address.isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.get().host(), address.get().port()), TLS_MS);
            socket.setSoTimeout(TLS_MS);
            SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
            try (SSLSocket secure = (SSLSocket)
                    tls.createSocket(socket, address.get().host(), address.get().port(), true)) {
                secure.startHandshake();
                return true;
            }
        } catch (SSLException e) {
            return causes(e).anyMatch(cause -> cause instanceof CertificateException);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Address> address(String server) {
        try {
            return Optional.of(Address.parse(KafkaSettings.BOOTSTRAP_SERVERS, server));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Throwable innermost(Throwable failure) {
        return causes(failure).reduce((outer, inner) -> inner).orElse(failure);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
