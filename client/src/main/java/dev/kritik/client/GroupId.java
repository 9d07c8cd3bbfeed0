/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

/**
 * Which group.
 *
 * @param jobId the training run
 * @param groupId the query within the run
 * @param attempt repetition of the group, from 0
 */
public record GroupId(String jobId, String groupId, int attempt) {

    @Override
    public String toString() {
        return jobId + "/" + groupId + (attempt == 0 ? "" : "#" + attempt);
    }
}
