/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version, as the build wrote it into the jar. */
public final class Version implements IVersionProvider {

    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/dev.kritik/kritik-ops/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        Properties built = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (in != null) {
                built.load(in);
            }
        }
        return new String[] {
            "kritik " + built.getProperty("version", "(not run from a jar)"), "Java " + Runtime.version(),
        };
    }
}
