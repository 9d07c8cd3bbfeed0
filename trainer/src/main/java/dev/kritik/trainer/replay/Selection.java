/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.kritik.schema.Critique;
import dev.kritik.schema.MemberScore;
import dev.kritik.trainer.replay.Finding.Kind;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;

/**
 * Which critiques of a group are learnt from: the rejection of SPCT's rejective fine-tuning (arXiv 2504.02495). Pure.
 *
 * <p>Of the first {@code nRft} samples, incorrect ones are rejected; when all {@code nRft} are correct the group is too easy,
 * and none is learnt from. A hinted critique is kept apart if it is correct, and else dropped: it is no evidence of
 * what the judge can do, nor of what it gets wrong.
 *
 * @param nRft samples of each group that count, those with the lowest numbers; at least 1
 * @param keepEasy whether groups are kept of which all are correct
 */
public record Selection(int nRft, boolean keepEasy) {

    public Selection {
        if (nRft < 1) {
            throw new IllegalArgumentException("nRft is " + nRft + ", at least 1 is needed");
        }
    }

    /** Where a critique goes. */
    public enum Fate {
        /** Correct: to be learnt. */
        ACCEPTED,
        /** Correct with the answer told: to be learnt, and kept apart. */
        HINTED,
        /** Incorrect, with a text: a negative for the Meta RM. */
        REJECTED,
        /** Of no use. */
        DROPPED
    }

    /**
     * A critique and what becomes of it.
     *
     * @param reason a code that says why
     * @param finding whether it is correct
     */
    public record Decided(Trajectory trajectory, Fate fate, String reason, Finding finding) {

        /** Whether the Meta RM may learn from it: a text without a hint, known to be right or wrong. */
        public boolean forMetaRm() {
            return fate == Fate.ACCEPTED || fate == Fate.REJECTED || reason.equals(TOO_EASY);
        }
    }

    static final String TOO_EASY = "TOO_EASY";
    static final String BEYOND_N_RFT = "BEYOND_N_RFT";
    static final String UNKNOWN_PROMPT = "UNKNOWN_PROMPT";
    static final String NO_TEXT = "NO_TEXT";
    static final String TEXT_CUT = "TEXT_CUT";

    /**
     * Decides on all critiques of a group.
     *
     * @param trajectories one for each panel and sample
     * @return one for each, by panel and sample
     */
    public List<Decided> decide(LabelledGroup group, List<Trajectory> trajectories) {
        List<Decided> decided = new ArrayList<>();
        trajectories.stream()
                .sorted(Trajectory.BY_IDENTITY)
                .forEach(trajectory -> decided.add(decide(group, trajectory)));
        // Only the panel that holds the best response can be right, so there is at most one for each sample.
        long right = decided.stream().filter(it -> it.fate() == Fate.ACCEPTED).count();
        if (right < nRft || keepEasy) {
            return decided;
        }
        return decided.stream()
                .map(it -> it.fate() == Fate.ACCEPTED
                        ? new Decided(it.trajectory(), Fate.DROPPED, TOO_EASY, it.finding())
                        : it)
                .toList();
    }

    private Decided decide(LabelledGroup group, Trajectory trajectory) {
        Finding finding = Finding.of(group, trajectory.critique());
        boolean hinted = trajectory.critique().getHinted();
        if (!hinted && trajectory.critique().getSample() >= nRft) {
            return new Decided(trajectory, Fate.DROPPED, BEYOND_N_RFT, finding);
        }
        if (!JudgePrompt.knows(trajectory.critique().getPromptVersion())) {
            return new Decided(trajectory, Fate.DROPPED, UNKNOWN_PROMPT, finding);
        }
        if (finding.kind() == Kind.RIGHT && !trajectory.hasText()) {
            return new Decided(trajectory, Fate.DROPPED, NO_TEXT, finding);
        }
        if (finding.kind() == Kind.RIGHT && !saysSo(trajectory.critique())) {
            return new Decided(trajectory, Fate.DROPPED, TEXT_CUT, finding);
        }
        if (hinted) {
            return finding.kind() == Kind.RIGHT
                    ? new Decided(trajectory, Fate.HINTED, finding.reason(), finding)
                    : new Decided(trajectory, Fate.DROPPED, "HINTED_" + finding.reason(), finding);
        }
        return switch (finding.kind()) {
            case RIGHT -> new Decided(trajectory, Fate.ACCEPTED, finding.reason(), finding);
            case WRONG ->
                new Decided(trajectory, trajectory.hasText() ? Fate.REJECTED : Fate.DROPPED, finding.reason(), finding);
            case UNKNOWN -> new Decided(trajectory, Fate.DROPPED, finding.reason(), finding);
        };
    }

    /** Whether the scores can be read from the text as it is kept: one that was too long for its topic lost its end. */
    private static boolean saysSo(Critique critique) {
        Map<Integer, Integer> scores =
                critique.getScores().stream().collect(Collectors.toMap(MemberScore::getIndex, MemberScore::getScore));
        List<Integer> inOrder = critique.getOrder().stream().map(scores::get).toList();
        return ScoreParser.parse(critique.getRawText(), inOrder.size(), critique.getFinishReason())
                        instanceof Parsed.Scores read
                && read.values().equals(inOrder);
    }
}
