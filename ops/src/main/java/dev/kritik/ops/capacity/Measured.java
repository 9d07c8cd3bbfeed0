/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;

/**
 * What records say of an installation: means over all that were taken in. Rates of a GPU can't be seen in records, nor how
 * many there are. For one thread.
 */
public final class Measured {

    private long rollouts;
    private long rolloutBytes;
    private long requests;
    private long requestBytes;
    private long critiques;
    private long critiqueBytes;
    private long promptTokens;
    private long writtenTokens;
    private long counted;
    private long judgeMs;
    private long metaMs;
    private long tries;
    private long tried;
    private long rewards;
    private long rewardBytes;
    private long members;
    private long k;
    private long spent;
    private int panelSize;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;
    private long collectMs;
    private long collected;

    /** Takes in a rollout by its size on the topic. */
    public void rollout(int bytes) {
        rollouts++;
        rolloutBytes += bytes;
    }

    /** Takes in a request by its size on the topic. */
    public void request(int bytes) {
        requests++;
        requestBytes += bytes;
    }

    /** Takes in a critique. */
    public void critique(Critique critique, int bytes) {
        critiques++;
        critiqueBytes += bytes;
        judgeMs += critique.getJudgeMs();
        metaMs += critique.getMetaMs() == null ? 0 : critique.getMetaMs();
        if (critique.getAttempt() > 0) {
            tried++;
            tries += critique.getAttempt();
        }
        if (critique.getPromptTokens() != null && critique.getCompletionTokens() != null && critique.getAttempt() > 0) {
            counted += critique.getAttempt(); // tokens are those of all tries
            promptTokens += critique.getPromptTokens();
            writtenTokens += critique.getCompletionTokens();
        }
    }

    /** Takes in a reward. */
    public void reward(GroupReward reward, int bytes) {
        rewards++;
        rewardBytes += bytes;
        members += reward.getGroupSize();
        k += reward.getK();
        spent += reward.getSamplesSpent() == null ? reward.getK() : reward.getSamplesSpent();
        panelSize = Math.max(panelSize, reward.getPanelSize());
        firstMs = Math.min(firstMs, reward.getOpenedMs());
        lastMs = Math.max(lastMs, reward.getClosedMs());
        if (reward.getJudgingMs() != null) {
            collected++;
            collectMs += reward.getJudgingMs() - reward.getOpenedMs();
        }
    }

    /** Groups that were seen. */
    public long groups() {
        return rewards;
    }

    /** The quantities that this says something about, as {@link Inputs#with} takes them. */
    public Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        mean(values, Quantity.ROLLOUT_BYTES, rolloutBytes, rollouts);
        mean(values, Quantity.REQUEST_BYTES, requestBytes, requests);
        mean(values, Quantity.CRITIQUE_BYTES, critiqueBytes, critiques);
        mean(values, Quantity.REWARD_BYTES, rewardBytes, rewards);
        mean(values, Quantity.GROUP_SIZE, members, rewards);
        mean(values, Quantity.K, k, rewards);
        mean(values, Quantity.K_SHARE, Math.min(spent, k), k);
        mean(values, Quantity.PANEL_SIZE, panelSize, rewards == 0 ? 0 : 1);
        mean(values, Quantity.PROMPT_TOKENS, promptTokens, counted);
        mean(values, Quantity.CRITIQUE_TOKENS, writtenTokens, counted);
        mean(values, Quantity.JUDGE_LATENCY_S, judgeMs, 1000 * tries);
        mean(values, Quantity.RETRIES_SHARE, tries - tried, tried);
        mean(values, Quantity.COLLECT_S, collectMs, 1000 * collected);
        mean(values, Quantity.GROUPS_PER_S, 1000 * rewards, lastMs > firstMs ? lastMs - firstMs : 0);
        return values;
    }

    /** Tokens that all judges together wrote each second of the time that was looked at; 0 when nothing was. */
    public double writtenTokensPerS() {
        return lastMs > firstMs ? writtenTokens / ((lastMs - firstMs) / 1000.0) : 0;
    }

    /** Seconds of the Meta RM for a critique, waiting included; 0 without one. */
    public double metaSeconds() {
        return critiques == 0 ? 0 : metaMs / 1000.0 / critiques;
    }

    private static void mean(Map<String, String> values, Quantity quantity, long sum, long count) {
        if (count > 0 && (sum > 0 || quantity == Quantity.RETRIES_SHARE || quantity == Quantity.COLLECT_S)) {
            values.put(quantity.key(), String.format(Locale.ROOT, "%.6g", (double) sum / count));
        }
    }
}
