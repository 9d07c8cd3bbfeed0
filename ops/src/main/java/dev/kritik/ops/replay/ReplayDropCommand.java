/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.Map;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.replay.rescore.RescoreSpace;
import dev.kritik.ops.replay.rescore.RescoreTopics;
import dev.kritik.schema.config.KafkaSettings;

/** {@code kritik replay drop}: deletes what a rescore wrote. */
@Command(
        name = "drop",
        description = {
            "Delete the topics and groups of a rescore: everything whose name begins with rescore.NAME. (behind topics.prefix), "
                    + "and nothing else. Without --yes it only says what that is. Schemas stay in the registry."
        },
        footer = {"", "Examples:", "  kritik replay drop half-k --config kritik.properties --yes"})
public final class ReplayDropCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Parameters(paramLabel = "NAME", description = "Name of the rescore.")
    private String name;

    @Option(names = "--yes", description = "Delete. There is no way back.")
    private boolean yes;

    @Override
    public Integer call() {
        Map<String, String> config = connection.over(common.config());
        KafkaSettings kafka = KafkaSettings.from(config);
        RescoreSpace space;
        try {
            space = RescoreSpace.of(kafka.topics(), name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try (RescoreTopics topics = new RescoreTopics(space, kafka)) {
            RescoreTopics.Found found = topics.find();
            String verb = yes ? "deleted" : "would delete";
            if (yes && !found.isEmpty()) {
                topics.delete(found);
            }
            found.topics().forEach(topic -> common.out().println(verb + " topic " + topic));
            found.groups().keySet().forEach(group -> common.out().println(verb + " group " + group));
            if (found.isEmpty()) {
                common.out().println("there is nothing of rescore '" + name + "'");
            } else if (!yes) {
                common.out().println("nothing was deleted: give --yes to do it");
            }
            common.out().flush();
        }
        return ExitCode.OK;
    }
}
