/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

/** What is counted. Some are counted by label: see {@link Count}. */
enum Tally {
    /** Rollouts that were read. */
    ROLLOUTS,
    /** Groups whose first rollout came. */
    OPENED,
    /** Groups that had been opened and ended, or were let go. */
    LEFT,
    /** Critiques that workers were asked for. */
    ASKED,
    /** Critiques; label: OK, or status and reason. */
    CRITIQUES,
    /** Critiques; label: judge, and status and reason. */
    JUDGED,
    /** Groups that ended; label: OK, or status and reason. */
    REWARDS,
    /** Samples for each response that were asked for, summed over the groups that ended. */
    SPENT,
    /** Samples for each response that could have been asked for (k), summed over the same groups. */
    ALLOWED,
    /** Groups with two rewards or more: those that can have a spread. */
    COMPARED,
    /** Of these, groups whose rewards are all equal. */
    FLAT,
    /** Of these, groups in which different responses share the highest reward. */
    TIED,
    /** Rewards of members, rounded; label: number and job. */
    SCORES,
    /** Dead letters; label: reason. */
    DEAD,
    /** Records whose bytes could not be read here; label: topic. */
    UNREADABLE,
    /** Tokens of prompts, as judges counted. */
    PROMPT_TOKENS,
    /** Tokens that judges wrote. */
    WRITTEN_TOKENS
}
