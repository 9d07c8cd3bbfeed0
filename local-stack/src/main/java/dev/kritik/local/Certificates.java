/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of one's own and what it has signed, as PEM files in one folder: {@code ca.pem}, and for each
 * name a file with private key and certificates, readable by its owner alone. Made by the JDK's keytool. Not
 * thread-safe.
 */
final class Certificates {

    private static final String AUTHORITY = "ca";
    private static final String DAYS = "3650";
    private static final int LIMIT_S = 60;
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;
    private final SecretFiles secrets;

    private Certificates(Path folder, SecretFiles secrets) {
        this.folder = folder;
        this.secrets = secrets;
    }

    /** The authority in this folder, made where there is none. Its store's password stands among the secrets. */
    static Certificates in(Path folder, SecretFiles secrets) {
        Certificates certificates = new Certificates(folder, secrets);
        if (!Files.exists(certificates.authority())) {
            SecretFiles.makeFolder(folder);
            secrets.make("ca-store");
            certificates.keyPair(AUTHORITY, "Kritik local CA", "bc:critical=ca:true", "ku:critical=keyCertSign");
            certificates.write(certificates.authority(), false);
        }
        return certificates;
    }

    /** The authority's certificate, for clients. */
    Path authority() {
        return folder.resolve("ca.pem");
    }

    /** Key and certificate of the server at 127.0.0.1 and localhost, which is also a client of itself. */
    Path server(String name) {
        return issue(name, "san=ip:127.0.0.1,dns:localhost", "eku=serverAuth,clientAuth");
    }

    /** Key and certificate of a client whose subject is {@code CN=name}. */
    Path client(String name) {
        return issue(name, "eku=clientAuth");
    }

    /** Trusts this authority alone. */
    SSLContext trust() {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(AUTHORITY, store().getCertificate(AUTHORITY));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StackException("The certificates under " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private Path issue(String name, String... extensions) {
        Path file = folder.resolve(name + ".pem");
        if (!Files.exists(file)) {
            keyPair(name, name, extensions);
            write(file, true);
        }
        return file;
    }

    private void keyPair(String alias, String commonName, String... extensions) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                storeFile().toString(),
                "-storetype",
                "PKCS12",
                "-storepass:file", // as a value it could be seen in the list of processes
                secrets.file("ca-store").toString(),
                "-alias",
                alias,
                "-dname",
                "CN=" + commonName,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                DAYS));
        if (!alias.equals(AUTHORITY)) {
            command.addAll(List.of("-signer", AUTHORITY));
        }
        for (String extension : extensions) {
            command.addAll(List.of("-ext", extension));
        }
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            keytool.getOutputStream().close();
            String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(LIMIT_S, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new StackException(
                        "keytool can't make the certificate of '" + alias + "' in " + folder + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new StackException("keytool of the JDK can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while certificates were made", e);
        }
    }

    private void write(Path file, boolean withKey) {
        String alias = withKey ? file.getFileName().toString().replaceAll("\\.pem$", "") : AUTHORITY;
        StringBuilder pem = new StringBuilder();
        try {
            KeyStore store = store();
            if (withKey) {
                char[] password = secrets.read("ca-store").toCharArray();
                append(pem, "PRIVATE KEY", store.getKey(alias, password).getEncoded());
            }
            for (Certificate certificate : store.getCertificateChain(alias)) {
                append(pem, "CERTIFICATE", certificate.getEncoded());
            }
            SecretFiles.write(file, pem.toString());
        } catch (IOException | GeneralSecurityException e) {
            throw new StackException("The certificate " + file + " can't be written: " + e.getMessage(), e);
        }
    }

    private static void append(StringBuilder pem, String what, byte[] content) {
        pem.append("-----BEGIN ").append(what).append("-----\n");
        pem.append(LINES.encodeToString(content));
        pem.append("\n-----END ").append(what).append("-----\n");
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(storeFile())) {
            store.load(in, secrets.read("ca-store").toCharArray());
        }
        return store;
    }

    private Path storeFile() {
        return folder.resolve("store.p12");
    }
}
