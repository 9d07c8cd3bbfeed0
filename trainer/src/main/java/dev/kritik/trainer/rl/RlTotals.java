/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.rl;

import java.util.Map;

import dev.kritik.lm.train.RlStats;

/** The engine's figures of a step's micro-batches, put together. */
public final class RlTotals {

    private double loss;
    private double kl;
    private double clipped;
    private double entropy;
    private double ratioMax;
    private long tokens;
    private int updates;

    void add(RlStats stats) {
        loss += stats.loss();
        kl += stats.kl() * stats.tokens();
        clipped += stats.clipFraction() * stats.tokens();
        entropy += stats.entropy() * stats.tokens();
        ratioMax = Math.max(ratioMax, stats.ratioMax());
        tokens += stats.tokens();
    }

    void updated() {
        updates++;
    }

    /** Updates of the weights. */
    public int updates() {
        return updates;
    }

    /** Mean over the updates; 0 if there was none. */
    public double loss() {
        return updates == 0 ? 0 : loss / updates;
    }

    /** Means over all tokens that were learnt; nothing of them if there were none. */
    public void into(Map<String, Object> values) {
        if (tokens > 0) {
            values.put("kl", kl / tokens);
            values.put("entropy", entropy / tokens);
            values.put("clip_share", clipped / tokens);
            values.put("ratio_max", ratioMax);
        }
        values.put("updates", updates);
    }
}
