/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.metarm;

import java.util.ArrayList;
import java.util.List;

/** The area under the ROC curve: how often a right sample is scored above a wrong one; a tie counts one half. */
final class Auc {

    private Auc() {}

    /**
     * The area; not a number if all samples are right, or all wrong, or a score is no number.
     *
     * @param right for each score, whether its sample is right
     */
    static double of(float[] scores, List<Boolean> right) {
        for (float score : scores) {
            if (Float.isNaN(score)) {
                return Double.NaN;
            }
        }
        List<Integer> byScore = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            byScore.add(i);
        }
        byScore.sort((a, b) -> Float.compare(scores[a], scores[b]));
        double ranks = 0;
        long positives = right.stream().filter(each -> each).count();
        long negatives = right.size() - positives;
        for (int from = 0; from < byScore.size(); ) {
            int to = from;
            while (to < byScore.size() && scores[byScore.get(to)] == scores[byScore.get(from)]) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0; // of all that share this score
            for (int i = from; i < to; i++) {
                ranks += right.get(byScore.get(i)) ? rank : 0;
            }
            from = to;
        }
        return positives == 0 || negatives == 0
                ? Double.NaN
                : (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }
}
