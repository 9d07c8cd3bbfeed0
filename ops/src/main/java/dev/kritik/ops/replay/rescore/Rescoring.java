/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.schema.Rollout;
import dev.kritik.schema.Sha256;

/**
 * Makes the rollouts of a rescore from old ones: the same identity, conversation, response, label, reference and hint; other
 * terms where they are given. A deadline of then must not hold now. The policy's tokens are of no use to a judge, and are
 * left out. Pure.
 *
 * @param k samples for each response; null: as then
 * @param kMeta samples that the Meta RM keeps; null: as then, but no more than k
 * @param panelSize most responses in one prompt; null: as then
 * @param goal what rewards are for; null: as then
 * @param settings what tells this rescore from others of the same groups
 */
public record Rescoring(Integer k, Integer kMeta, Integer panelSize, String goal, String settings) {

    /** Names, in the metadata of each rollout, the settings of its rescore. */
    public static final String SETTINGS = "rescored_with";

    /**
     * A rescore whose settings are these terms and what of a configuration shapes rewards. Addresses, secrets, times and
     * resources do not.
     */
    public static Rescoring of(Integer k, Integer kMeta, Integer panelSize, String goal, Map<String, String> config) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(config).forEach((key, value) -> {
            boolean shapes = key.matches(
                    "(worker\\.judge|worker\\.meta|judge\\.|meta\\.|critic\\.|jury\\.|rules?\\b|stream\\.).*");
            if (shapes && !key.matches(".*\\.(url|env|ms|threads|device|concurrency|replication|attempts|bytes)")) {
                text.append(key).append('=').append(value).append('\n');
            }
        });
        return new Rescoring(
                k,
                kMeta,
                panelSize,
                goal,
                "k=" + k + " k_meta=" + kMeta + " panel_size=" + panelSize + " goal=" + goal + " config="
                        + HexFormat.of().formatHex(Sha256.of(text.toString()), 0, 8));
    }

    /** The rollout to be judged again. */
    public Rollout of(Rollout old) {
        Map<String, String> metadata = new TreeMap<>(old.getMetadata());
        metadata.put(SETTINGS, settings);
        Integer samples = k == null ? old.getK() : k;
        Integer kept = kMeta == null ? old.getKMeta() : kMeta;
        if (kMeta == null && kept != null && samples != null) {
            kept = Math.min(kept, samples);
        }
        return Rollout.newBuilder()
                .setJobId(old.getJobId())
                .setGroupId(old.getGroupId())
                .setGroupAttempt(old.getGroupAttempt())
                .setIndex(old.getIndex())
                .setGroupSize(old.getGroupSize())
                .setMessages(old.getMessages())
                .setResponse(old.getResponse())
                .setLabel(old.getLabel())
                .setReference(old.getReference())
                .setPolicyVersion(old.getPolicyVersion())
                .setK(samples)
                .setKMeta(kept)
                .setPanelSize(panelSize == null ? old.getPanelSize() : panelSize)
                .setGoal(goal == null ? old.getGoal() : goal)
                .setHint(old.getHint())
                .setMetadata(metadata)
                .build();
    }
}
