/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the source that fits the broker. */
public final class TaskSources {

    private static final Logger LOGGER = LoggerFactory.getLogger(TaskSources.class);

    /** What the configuration may ask for. */
    public enum Kind {
        /** The share group, or an error where the broker has none. */
        SHARE,
        /** The classic consumer group. */
        CLASSIC,
        /** The share group where the broker has it, else the classic group. */
        AUTO
    }

    private TaskSources() {}

    /**
     * A source, not started yet.
     *
     * @throws org.apache.kafka.common.KafkaException if {@code AUTO} can't reach the cluster
     */
    public static TaskSource open(Kind kind, SourceSettings settings, TaskMetrics metrics) {
        boolean share = switch (kind) {
            case SHARE -> true;
            case CLASSIC -> false;
            case AUTO -> ShareGroups.supported(settings.kafka().client());
        };
        LOGGER.atInfo()
                .addKeyValue("source", share ? "share" : "classic")
                .addKeyValue("asked", kind)
                .addKeyValue("group", settings.group())
                .addKeyValue("slots", settings.slots())
                .log(
                        share || kind == Kind.CLASSIC
                                ? "source of tasks"
                                : "source of tasks: the broker has no share groups (feature share.version), so the"
                                        + " classic consumer group serves");
        return share ? new ShareTaskSource(settings, metrics) : new ClassicTaskSource(settings, metrics);
    }
}
