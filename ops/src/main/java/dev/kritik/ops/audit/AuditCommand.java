/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.kritik.ops.cli.CommonOptions;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.ops.cli.Interruption;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.ConnectionOptions;
import dev.kritik.ops.eval.Progress;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Rules;

/** {@code kritik audit}: holds the topics against what was sent, and what is promised. */
@Command(
        name = "audit",
        description = {
            "Read all topics, and decide whether the installation kept its promises: nothing lost, nothing twice, no orphans, "
                    + "deadlines kept, each reward recomputed from its votes and each vote from its critique, requests answered, "
                    + "a replay the same. Exit code 1 and the violations if not. Only reads.",
            "With --ledger, the file that a ledger producer wrote, it also knows what was acknowledged; without, all that stands on "
                    + "the topic counts as sent. Give it the configuration of the stream application: deadlines and limits are read "
                    + "from it."
        },
        footer = {
            "",
            "Examples:",
            "  kritik audit --ledger run.ledger --config kritik.properties",
            "  kritik audit --live --no-replay --since-ms $(date -d '-1 hour' +%%s000) --config kritik.properties",
            "  kritik audit --json --config kritik.properties | jq -c 'select(.violation)'"
        })
public final class AuditCommand implements Callable<Integer> {

    private static final Duration GRACE = Duration.ofSeconds(10);

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConnectionOptions connection;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "What was sent. Without, all that stands on the topic counts as sent.")
    private Path ledger;

    @Option(
            names = "--other-job",
            paramLabel = "ID",
            description = "A job whose rollouts others wrote, without the ledger. May be given several times.")
    private Set<String> otherJobs = Set.of();

    @Option(
            names = "--slack-ms",
            paramLabel = "MS",
            description = "By how much a deadline may be missed without a word. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + AuditOptions.SLACK_MS)
    private long slackMs;

    @Option(
            names = "--since-ms",
            paramLabel = "MS",
            description =
                    "Leave out groups that began before, in epoch milliseconds: choose a moment at which none was open. "
                            + "Default: all that the topics hold.")
    private Long sinceMs;

    @Option(
            names = "--healed-ms",
            paramLabel = "MS",
            description =
                    "When the last fault had ended, in epoch milliseconds: from then on a group that ends late is a "
                            + "violation, though it says so.")
    private Long healedMs;

    @Option(
            names = "--recover-within-ms",
            paramLabel = "MS",
            description = "How long after the last fault groups may still end late. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + AuditOptions.RECOVER_WITHIN_MS)
    private long recoverWithinMs;

    @Option(names = "--live", description = "The installation is at work: groups may be open, and topics grow.")
    private boolean live;

    @Option(
            names = "--no-replay",
            description = "Leave out the replay, which writes the topics to the folder for temporary files twice.")
    private boolean noReplay;

    @Override
    public Integer call() throws IOException {
        if (slackMs < 0 || recoverWithinMs < 0) {
            throw new ConfigError("--slack-ms and --recover-within-ms are 0 or more");
        }
        Map<String, String> config = connection.over(common.config());
        AuditOptions options =
                new AuditOptions(slackMs, sinceMs, healedMs, recoverWithinMs, live, !noReplay, otherJobs);
        Rules rules = StreamConfig.from(config).rules();
        try (Connection to = new Connection(config);
                Interruption told = new Interruption(GRACE, () -> {})) {
            Progress progress = new Progress(common.err(), Ansi.AUTO.enabled(), "offsets");
            Optional<AuditReport> report = new Audit(to, rules, ledger, options, told::came, progress::show).run();
            progress.end();
            if (report.isEmpty()) {
                return ExitCode.INTERRUPTED;
            }
            AuditText text = new AuditText(report.get());
            (common.json() ? text.json() : text.lines()).forEach(common.out()::println);
            common.out().flush();
            return report.get().clean() ? ExitCode.OK : ExitCode.FAILURE;
        }
    }
}
