/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.Locale;

/** What became of a group that was produced. Each group has one fate, and the counts add up to the groups produced. */
public enum Fate {
    /** The policy learnt from it. */
    TRAINED,
    /** Its rewards are all alike, or fewer than two members have one: nothing to learn from comparing them. */
    FLAT,
    /** No member has a reward. */
    UNREWARDED,
    /** Written by a policy too many versions away. */
    STALE,
    /** Its tokens or log-probabilities are not on the topic. */
    UNUSABLE,
    /** Published before a restart, and after it neither settled nor to be found on the topic. */
    LOST;

    /** The name in files and metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
