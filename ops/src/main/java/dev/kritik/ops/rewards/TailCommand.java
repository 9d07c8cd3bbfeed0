/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.rewards;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.client.PlainJson;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.schema.GroupReward;

/** {@code kritik rewards tail}: prints reward records. */
@Command(
        name = "tail",
        description = {
            "Print reward records: one terminal record for each group, committed ones only. Ends at the end of the topic "
                    + "as it is now; --follow waits for more.",
            "A member without a judgement has no reward, which is not a reward of 0: leave it out of group statistics."
        },
        footer = {
            "",
            "Examples:",
            "  kritik rewards tail --job run-7 --bootstrap localhost:9092 --registry http://localhost:8081",
            "  kritik rewards tail --follow --from end --config kritik.properties",
            "  kritik rewards tail --json --config kritik.properties | jq -c '[.group_id, .status, [.members[].reward]]'"
        })
public final class TailCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(500);

    /** Where to begin. */
    enum From {
        beginning,
        end
    }

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Option(names = "--job", paramLabel = "ID", description = "Only the rewards of this job.")
    private String job;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description = "Where to begin: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "beginning")
    private From from;

    @Option(names = "--count", paramLabel = "N", description = "End after this many records. Default: no limit.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--follow", description = "At the end, wait for more; Ctrl-C ends it.")
    private boolean follow;

    @Override
    public Integer call() {
        long printed = 0;
        try (Connection to = new Connection(connection.over(common.config()));
                TopicReader<GroupReward> reader =
                        TopicReader.open(to, to.topics().rewards(), GroupReward.class, from == From.beginning)) {
            boolean more = true;
            while (more && printed < count) {
                for (GroupReward reward : reader.poll(POLL)) {
                    if (printed < count && (job == null || job.equals(reward.getJobId()))) {
                        print(reward);
                        printed++;
                    }
                }
                more = follow || !reader.caughtUp();
            }
        }
        return ExitCode.OK;
    }

    private void print(GroupReward reward) {
        if (common.json()) {
            common.out().println(PlainJson.of(reward));
        } else {
            common.out().print(RewardTable.of(reward));
        }
        common.out().flush();
    }
}
