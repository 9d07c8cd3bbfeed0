/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.List;

/**
 * Where the records of a group stand.
 *
 * @param line what is known of it
 * @param rollouts places on {@code rollouts}, by index
 * @param critiques places on {@code critiques}, in the order in which they came
 * @param reward where its end stands; null while there is none
 * @param more critiques that are not among them, as there were too many
 */
public record GroupPlaces(GroupLine line, List<Place> rollouts, List<Place> critiques, Place reward, int more) {}
