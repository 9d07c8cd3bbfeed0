/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.schema;

/** Record keys. */
public final class Keys {

    private Keys() {}

    /**
     * The key of {@code rollouts}, {@code critiques} and {@code rewards}: {@code jobId/groupId}. Not ambiguous, since a
     * job id holds no slash. The attempt is left out, so that all attempts of a group stand on one partition.
     */
    public static String of(String jobId, String groupId) {
        return jobId + "/" + groupId;
    }
}
