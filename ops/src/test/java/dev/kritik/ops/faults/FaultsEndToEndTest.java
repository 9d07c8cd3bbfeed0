/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.kritik.ops.faults.Timeline.Entry;
import dev.kritik.ops.faults.Timeline.Event;
import dev.kritik.ops.faults.Workload.Mix;
import dev.kritik.ops.judge.Latency;

/**
 * A whole installation as processes of their own, struck in the middle of the work. The long way is {@code kritik faults run}.
 */
class FaultsEndToEndTest {

    /** Its schedule holds a kill of each role and of a broker, and what the assertions below name. */
    private static final long SEED = 18;

    private static final Duration LENGTH = Duration.ofSeconds(40);

    private static final List<FaultKind> KINDS = FaultKind.parse(
            "worker-kill,stream-kill,broker-kill,gateway-kill,link-cut,judge-429,judge-garbage,poison,schema-upgrade");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void everyPromiseHoldsThoughProcessesDieAndLinksBreak() throws Exception {
        // Given
        Settings settings = new Settings(
                SEED,
                LENGTH,
                Long.MAX_VALUE,
                3,
                Harness.BROKERS,
                KINDS,
                Mix.ROUGH,
                Latency.parse("lognormal:100,800"),
                folder,
                false,
                Duration.ofMinutes(3), // whatever else runs on the machine of the tests
                Optional.empty(),
                // Shorter than in long runs: what a group lacks is waited for at the end.
                Map.of("stream.collect.timeout.ms", "10000", "stream.evaluate.timeout.ms", "30000"));
        Schedule schedule = Schedule.of(SEED, LENGTH.toMillis(), KINDS);
        assertThat(schedule.faults())
                .extracting(Schedule.Planned::kind)
                .contains(FaultKind.WORKER_KILL, FaultKind.STREAM_KILL, FaultKind.BROKER_KILL, FaultKind.LINK_CUT);
        List<String> log = new CopyOnWriteArrayList<>();

        // When
        FaultReport report;
        try (Session session = new Session(settings, log::add)) {
            report = session.run(schedule, LENGTH, Long.MAX_VALUE);
        }

        // Then
        String story = "seed " + SEED + "\n" + String.join("\n", log) + "\n" + String.join("\n", report.text());
        assertThat(report.failures()).as(story).isEmpty();
        assertThat(report.timeline())
                .as(story)
                .filteredOn(entry -> entry.event() == Event.STRIKE)
                .extracting(Entry::number)
                .hasSameSizeAs(schedule.faults());
        assertThat(report.rewards()).as(story).isGreaterThan(50);
        assertThat(report.gatewayGroups()).as(story).isPositive();
        assertThat(report.gatewayDifferences()).as(story).isEmpty();
        assertThat(report.verdict().violations()).as(story).isZero();
        assertThat(report.clean()).as(story).isTrue();
    }
}
