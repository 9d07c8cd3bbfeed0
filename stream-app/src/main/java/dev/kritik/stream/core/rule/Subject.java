/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

import dev.kritik.schema.Rollout;

/** A rollout as rules look at it. What several of them need is made once. For one thread. */
public final class Subject {

    private final Rollout rollout;
    private Haystack plain;

    public Subject(Rollout rollout) {
        this.rollout = rollout;
    }

    /** The rollout as it came. */
    Rollout rollout() {
        return rollout;
    }

    /** The response as it came. */
    String response() {
        return rollout.getResponse();
    }

    /** The response without disguises; see {@link Plain}. */
    Haystack plain() {
        if (plain == null) {
            plain = new Haystack(Plain.of(rollout.getResponse()));
        }
        return plain;
    }
}
