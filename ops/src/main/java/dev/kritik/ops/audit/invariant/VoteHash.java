/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.SampleVote;

/** Stands for all that a vote takes over from its critique: equal when the vote is the critique's. */
final class VoteHash {

    private static final int MOST_REASON = 64;
    private static final int MOST_NAME = 256;

    private VoteHash() {}

    /** Of a critique, by the contract of votes: what a newer worker calls otherwise is FAILED, reasons are cut. */
    static long of(Critique critique) {
        Map<Integer, Integer> scores = new TreeMap<>();
        critique.getScores().forEach(score -> scores.put(score.getIndex(), score.getScore()));
        boolean newer = critique.getStatus() == CritiqueStatus.UNKNOWN;
        String reason = switch (critique.getStatus()) {
            case OK -> null;
            case UNKNOWN -> "UNKNOWN_STATUS";
            case INVALID, FAILED -> critique.getReason() == null ? "UNSAID" : cut(critique.getReason(), MOST_REASON);
        };
        return of(
                newer ? "FAILED" : critique.getStatus().name(),
                reason,
                scores,
                critique.getMetaLogit(),
                cut(critique.getJudgeName(), MOST_NAME),
                cut(critique.getReplaced(), MOST_NAME));
    }

    /** Of a vote; {@link Fingerprint#NONE} when it is UNANSWERED. */
    static long of(SampleVote vote) {
        if (vote.getStatus().equals("UNANSWERED")) {
            return Fingerprint.NONE;
        }
        Map<Integer, Integer> scores = new TreeMap<>();
        vote.getScores().forEach(score -> scores.put(score.getIndex(), score.getScore()));
        return of(vote.getStatus(), vote.getReason(), scores, vote.getMetaLogit(), vote.getJudge(), vote.getReplaced());
    }

    private static long of(
            String status, String reason, Map<Integer, Integer> scores, Double logit, String judge, String replaced) {
        // Minus zero is zero.
        Double plain = logit == null ? null : logit + 0.0;
        return Fingerprint.of(status + "\n" + reason + "\n" + scores + "\n" + plain + "\n" + judge + "\n" + replaced);
    }

    private static String cut(String text, int most) {
        return text == null || text.length() <= most ? text : text.substring(0, most);
    }
}
