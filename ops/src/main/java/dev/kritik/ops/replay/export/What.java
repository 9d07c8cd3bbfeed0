/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.export;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Topics;

/** The topics that can be exported, under their names without a prefix. */
public enum What {
    rollouts,
    critiques,
    rewards;

    /** The class of its records. */
    public Class<? extends SpecificRecord> type() {
        return switch (this) {
            case rollouts -> Rollout.class;
            case critiques -> Critique.class;
            case rewards -> GroupReward.class;
        };
    }

    /** The contract of its records. */
    Schema schema() {
        return switch (this) {
            case rollouts -> Rollout.getClassSchema();
            case critiques -> Critique.getClassSchema();
            case rewards -> GroupReward.getClassSchema();
        };
    }

    /** Its name with the prefix of an installation. */
    public String topic(Topics topics) {
        return switch (this) {
            case rollouts -> topics.rollouts();
            case critiques -> topics.critiques();
            case rewards -> topics.rewards();
        };
    }

    /** The job that a record belongs to. */
    static String job(SpecificRecord record) {
        return switch (record) {
            case Rollout rollout -> rollout.getJobId();
            case Critique critique -> critique.getJobId();
            case GroupReward reward -> reward.getJobId();
            default -> throw new IllegalArgumentException("no record of these topics: " + record.getClass());
        };
    }
}
