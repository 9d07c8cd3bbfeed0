/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema.config;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The files for TLS that differ from Java's defaults.
 *
 * @param trustStore whom to trust: PKCS12, JKS or PEM certificates; empty = the authorities that Java trusts
 * @param trustStorePassword its password; PEM and many PKCS12 trust stores need none
 * @param keyStore who we are (mutual TLS): PKCS12 or JKS with one key; empty = nobody
 * @param keyStorePassword password of the key store and its key
 */
public record Tls(
        Optional<Path> trustStore,
        Optional<Secret> trustStorePassword,
        Optional<Path> keyStore,
        Optional<Secret> keyStorePassword) {

    /** Java's defaults. */
    public static final Tls DEFAULTS = new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String PEM = "-----BEGIN CERTIFICATE-----";

    /**
     * The context for a client.
     *
     * @throws ConfigError if a file can't be read; the message names the file
     */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new ConfigError("TLS can't be set up: " + e.getMessage(), e);
        }
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException {
        if (keyStore.isEmpty()) {
            return null;
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store(keyStore.get(), keyStorePassword), password(keyStorePassword));
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException {
        if (trustStore.isEmpty()) {
            return null;
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store(trustStore.get(), trustStorePassword));
        return factory.getTrustManagers();
    }

    private static KeyStore store(Path path, Optional<Secret> password) {
        try {
            return isPem(path)
                    ? certificates(path)
                    : KeyStore.getInstance(new File(path.toString()), password(password));
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigError(
                    "the key or trust store '" + path + "' can't be read (is it there, and is its password right?): "
                            + e,
                    e);
        }
    }

    private static boolean isPem(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(PEM);
    }

    private static KeyStore certificates(Path path) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(path)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
        }
        return store;
    }

    private static char[] password(Optional<Secret> secret) {
        return secret.map(value -> value.reveal().toCharArray()).orElse(null);
    }
}
