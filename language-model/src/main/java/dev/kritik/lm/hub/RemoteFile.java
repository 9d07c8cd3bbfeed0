/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.kritik.lm.hub.HubException.Reason;

/**
 * A file on the hub.
 *
 * @param name in the repository
 * @param etag the hub's name of its content, and the blob's name in the cache: the SHA-256 of a large file, or git's SHA-1 of
 *     a small one
 * @param size bytes; -1: unknown
 */
record RemoteFile(String name, String etag, long size) {

    RemoteFile {
        if (!etag.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}") || etag.contains("..")) {
            throw new HubException(Reason.BROKEN, "the hub names the content of " + name + " in a way that can't be");
        }
    }

    /** Whether the etag is a checksum at all. Mirrors that aren't the hub may invent their own. */
    boolean verifiable() {
        return etag.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    /**
     * Whether a file's content is this one's. Reads it whole, after it was written: parts of it may have come in other
     * attempts, and from other processes.
     */
    boolean matches(Path file) throws IOException {
        if (size >= 0 && Files.size(file) != size) {
            return false;
        }
        if (!verifiable()) {
            return true;
        }
        boolean git = etag.length() == 40;
        MessageDigest digest = digest(git ? "SHA-1" : "SHA-256");
        if (git) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(etag);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
