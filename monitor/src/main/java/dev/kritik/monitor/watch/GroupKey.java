/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/**
 * Identity of a group.
 *
 * @param job the training run
 * @param group the query within the run
 * @param attempt repetition of the group, from 0
 */
public record GroupKey(String job, String group, int attempt) {}
