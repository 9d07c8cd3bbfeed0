/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.kritik.schema.config.ConfigError;

/** Certificates of authorities to trust instead of those that come with Java. */
final class Trust {

    private Trust() {}

    /**
     * Reads certificates in PEM, or a key store (PKCS12, JKS).
     *
     * @param password of the key store; null when it has none
     * @param key the configuration key that named the file, for errors
     */
    static SSLContext context(Path file, char[] password, String key) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----");
            KeyStore store = pem ? fromPem(bytes) : KeyStore.getInstance(file.toFile(), password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigError(
                    key + ": no certificates can be read from '" + file + "' (" + e.getMessage()
                            + "); it must be a PEM, PKCS12 or JKS file, the latter two with their password",
                    e);
        }
    }

    private static KeyStore fromPem(byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        return store;
    }
}
