/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a process of a role is started, where it differs from the others of its cluster.
 *
 * @param settings configuration keys over those of the cluster
 * @param without keys of the cluster that it is not given: an older build refuses those that it doesn't know
 * @param environment variables over those of this process
 * @param classPath of another build of Kritik; empty = the one that runs here
 */
public record Launch(
        Map<String, String> settings,
        Set<String> without,
        Map<String, String> environment,
        Optional<String> classPath) {

    public Launch {
        settings = Map.copyOf(settings);
        without = Set.copyOf(without);
        environment = Map.copyOf(environment);
    }

    /** As the others, with these configuration keys over those of the cluster. */
    public static Launch with(Map<String, String> settings) {
        return new Launch(settings, Set.of(), Map.of(), Optional.empty());
    }

    /** The same without these keys of the cluster. */
    public Launch without(Set<String> keys) {
        return new Launch(settings, keys, environment, classPath);
    }

    /** The same with these environment variables over those of this process. */
    public Launch withEnvironment(Map<String, String> variables) {
        return new Launch(settings, without, variables, classPath);
    }

    /** The same from another build: all that it needs, as for {@code java -cp}. */
    public Launch withClassPath(String path) {
        return new Launch(settings, without, environment, Optional.of(path));
    }
}
