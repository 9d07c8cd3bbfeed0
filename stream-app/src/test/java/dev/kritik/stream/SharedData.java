/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;

/** Real data that does not belong to the project: where it is, if it is there. */
public final class SharedData {

    private SharedData() {}

    /** A file of it; the test is skipped where it is not there. */
    public static Path file(String name) {
        String folder = System.getenv("KRITIK_SHARED_DATA");
        Path file = (folder == null
                        ? Path.of(System.getProperty("kritik.root"), "..", "shared", "data")
                        : Path.of(folder))
                .resolve(name);
        assumeThat(file).as("the data is on this machine").exists();
        return file;
    }
}
