/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.local.Launch;

/**
 * An older build of Kritik, as {@code ops/faults/previous.sh} makes it.
 *
 * @param commit which one
 * @param classPath for {@code java -cp}
 * @param keys the configuration keys that it knows; it refuses others
 */
public record PreviousBuild(String commit, String classPath, Set<String> keys) {

    public PreviousBuild {
        keys = Set.copyOf(keys);
    }

    /**
     * Reads one.
     *
     * @param folder with the files {@code commit}, {@code classpath} and {@code keys}
     * @throws CommandFailed if they are not there
     */
    public static PreviousBuild read(Path folder) {
        try {
            return new PreviousBuild(
                    Files.readString(folder.resolve("commit")).strip(),
                    Files.readString(folder.resolve("classpath")).strip(),
                    new HashSet<>(Files.readAllLines(folder.resolve("keys"))));
        } catch (IOException e) {
            throw new CommandFailed(
                    "--previous: '" + folder + "' holds no build that ops/faults/previous.sh has made: "
                            + e.getMessage(),
                    e);
        }
    }

    /** A role of this build, given only what it knows. */
    Launch launch(Launch of, Map<String, String> cluster) {
        Set<String> unknown = new HashSet<>(cluster.keySet());
        unknown.removeIf(key -> keys.contains(key) || key.startsWith("kafka."));
        return of.without(unknown).withClassPath(classPath);
    }
}
