/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The programs of the stack, as the Maven build puts them under {@code local-stack/target/stack}.
 *
 * @param brokerLib the folder with the broker's jars
 * @param registryJar the jar that starts the registry
 * @param own where the classes of this module are: a jar or a folder
 */
record Distribution(Path brokerLib, Path registryJar, Path own) {

    /** System property with the folder of the repository; the launcher and the tests set it. */
    static final String ROOT = "kritik.root";

    /**
     * Finds the programs.
     *
     * @throws StackException if they are not there, with the command that brings them
     */
    static Distribution find() {
        String root = System.getProperty(ROOT);
        if (root == null) {
            throw new StackException(
                    "The system property " + ROOT
                            + " is not set: it names the folder of the repository. ./kritik sets it, and so does the test run of Maven.");
        }
        Properties versions = versions();
        Path stack = Path.of(root, "local-stack", "target", "stack").toAbsolutePath();
        Path brokerLib =
                stack.resolve("broker-" + versions.getProperty("broker")).resolve("lib");
        Path registryJar =
                stack.resolve("registry-" + versions.getProperty("registry")).resolve("quarkus-run.jar");
        if (!Files.isDirectory(brokerLib) || !Files.isRegularFile(registryJar)) {
            throw new StackException("The programs of the local stack are not under " + stack + ". Run: cd " + root
                    + " && ./mvnw -ntp -pl local-stack process-classes");
        }
        return new Distribution(brokerLib, registryJar, whereOwnClassesAre());
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream in = Distribution.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }

    private static Path whereOwnClassesAre() {
        try {
            return Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new StackException("The folder of the local stack's classes is not a path", e);
        }
    }
}
