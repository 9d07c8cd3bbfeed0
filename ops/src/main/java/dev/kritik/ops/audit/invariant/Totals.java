/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What was counted on the way, for the report. For one thread. */
final class Totals {

    long groups;
    long open;
    long begunBefore;
    long withoutVotes;
    long duplicateRollouts;
    long conflictingRollouts;
    long missingRequests;
    long counted;
    long repeated;
    long late;
    long unused;
    long wastedMs;
    long repeatedLetters;
    long goneByRetention;
    final Map<String, Long> statuses = new TreeMap<>();
    final Map<String, Long> stops = new TreeMap<>();

    Map<String, Object> plain(Observation seen) {
        Map<String, Object> ledger = new LinkedHashMap<>();
        ledger.put("sent", seen.sends);
        ledger.put("acknowledged", seen.sendsAcknowledged);
        ledger.put("failed", seen.sendsFailed);
        ledger.put("in_doubt", seen.sends - seen.sendsAcknowledged - seen.sendsFailed);
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("ledger", ledger);
        plain.put("rollouts", seen.rollouts);
        plain.put("rollouts_repeated", duplicateRollouts);
        plain.put("rollouts_conflicting", conflictingRollouts);
        plain.put("rollouts_gone", goneByRetention);
        plain.put("groups", groups);
        plain.put("groups_begun_before", begunBefore);
        plain.put("groups_open", open);
        plain.put("groups_by_status", statuses);
        plain.put("groups_by_stop_reason", stops);
        plain.put("groups_without_votes", withoutVotes);
        plain.put("groups_without_requests", missingRequests);
        plain.put("requests", seen.requests);
        plain.put("critiques", seen.critiques);
        plain.put("critiques_counted", counted);
        plain.put("critiques_repeated", repeated);
        plain.put("critiques_late", late);
        plain.put("critiques_unused", unused);
        plain.put("critiques_of_redelivered_requests", seen.repeatedDeliveries);
        plain.put("judge_seconds", seen.judgeMs / 1000.0);
        plain.put("judge_seconds_wasted", wastedMs / 1000.0);
        plain.put("rewards", seen.rewards);
        plain.put("dead_letters_by_reason", seen.reasons);
        plain.put("dead_letters_of_workers_repeated", repeatedLetters);
        return plain;
    }
}
