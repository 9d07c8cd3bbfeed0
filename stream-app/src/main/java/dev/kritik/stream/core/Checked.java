/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core;

/** A record from outside after a first look: what it means for which group, or why it means nothing. */
public sealed interface Checked {

    /** Something happened to a group. */
    record Known(GroupId id, Event event) implements Checked {}

    /** It is not clear what this belongs to, or it breaks the contract: a dead letter, with a code and words. */
    record Unusable(String reason, String detail) implements Checked {}
}
