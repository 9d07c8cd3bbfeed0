/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Passwords as files of one folder that nobody but its owner may open; one file holds one password and nothing else, so
 * that configuration can name it as {@code ${dir:folder:name}}.
 */
record SecretFiles(Path folder) {

    private static final int BYTES = 24;

    /** The file with this secret. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Draws a secret where there is none by that name. */
    void make(String name) {
        if (!Files.exists(file(name))) {
            byte[] drawn = new byte[BYTES];
            new SecureRandom().nextBytes(drawn);
            keep(name, Base64.getUrlEncoder().withoutPadding().encodeToString(drawn));
        }
    }

    /** Writes a secret. */
    void keep(String name, String value) {
        makeFolder(folder);
        try {
            write(file(name), value);
        } catch (IOException e) {
            throw new StackException("The secret " + file(name) + " can't be written: " + e.getMessage(), e);
        }
    }

    /** The secret. */
    String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new StackException("The secret " + file(name) + " can't be read: " + e.getMessage(), e);
        }
    }

    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder, only(folder, "rwx------"));
        } catch (IOException e) {
            throw new StackException("The folder " + folder + " can't be made: " + e.getMessage(), e);
        }
    }

    /** Writes a file that only its owner may read, from its first byte on. */
    static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, only(file, "rw-------"));
        Files.writeString(file, text);
    }

    private static FileAttribute<?>[] only(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
