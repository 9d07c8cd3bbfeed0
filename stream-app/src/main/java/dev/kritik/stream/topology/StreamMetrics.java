/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.MemberReward;
import dev.kritik.stream.core.Effect.Counted;
import dev.kritik.stream.core.Sample;
import dev.kritik.telemetry.CounterFamily;

/**
 * Counts what this process did. Work that is done twice, because a transaction was aborted, is counted twice: the topics
 * hold the truth, these numbers the trend. Safe for use by many threads.
 */
public final class StreamMetrics {

    /** Bounds of the times from a rollout to its reward: a judge takes seconds, a queue or an outage up to an hour. */
    private static final Duration[] BUCKETS = List.of(
                    500, 1_000, 2_500, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000,
                    1_800_000, 3_600_000)
            .stream()
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Set<OpenGroups> tasks = ConcurrentHashMap.newKeySet();
    private final Counter rollouts;
    private final Counter critiques;
    private final Counter requests;
    private final Counter asked;
    private final Counter unanswered;
    private final CounterFamily received;
    private final CounterFamily saved;
    private final CounterFamily closed;
    private final CounterFamily stopped;
    private final CounterFamily rewarded;
    private final CounterFamily members;
    private final CounterFamily ruled;
    private final CounterFamily dropped;
    private final CounterFamily deadLetters;
    private final Timer wait;
    private final Timer latency;
    private final Timer judging;
    private final List<CounterFamily> families;

    public StreamMetrics(MeterRegistry registry) {
        this(registry, InstantSource.system());
    }

    /** @param clock says how old the oldest open group is */
    StreamMetrics(MeterRegistry registry, InstantSource clock) {
        var rolloutFamily = new CounterFamily(registry, "kritik.rollouts", "Rollouts read");
        var critiqueFamily = new CounterFamily(registry, "kritik.critiques", "Critiques read");
        var requestFamily = new CounterFamily(registry, "kritik.requests", "Requests to workers written");
        var askedFamily = new CounterFamily(
                registry, "kritik.samples.asked", "Samples asked for: one critique of one panel each");
        var unansweredFamily = new CounterFamily(
                registry, "kritik.samples.unanswered", "Samples that had not come when their group was closed");
        rollouts = rolloutFamily.of();
        critiques = critiqueFamily.of();
        requests = requestFamily.of();
        asked = askedFamily.of();
        unanswered = unansweredFamily.of();
        received = new CounterFamily(
                registry,
                "kritik.samples.received",
                "Samples that were asked for and came, repetitions left out",
                "status",
                "reason");
        saved = new CounterFamily(
                registry, "kritik.samples.saved", "Samples that were not asked for, of those that k allows", "reason");
        closed = new CounterFamily(registry, "kritik.groups.closed", "Terminal records written", "status", "reason");
        stopped = new CounterFamily(
                registry, "kritik.groups.stopped", "Terminal records written, by what ended the judging", "reason");
        rewarded = new CounterFamily(
                registry,
                "kritik.groups.rewarded",
                "Closed groups with at least two rewards: all equal (zero), or not (some)",
                "spread");
        members = new CounterFamily(registry, "kritik.members", "Members of closed groups", "status", "reason");
        ruled = new CounterFamily(
                registry,
                "kritik.members.ruled",
                "Members of closed groups about which a rule noticed something",
                "rule",
                "then");
        dropped = new CounterFamily(
                registry,
                "kritik.records.dropped",
                "Records that changed nothing, for they came again or too late",
                "record",
                "why");
        deadLetters = new CounterFamily(registry, "kritik.dead.letters", "Records put aside", "reason");
        families = List.of(
                rolloutFamily,
                critiqueFamily,
                requestFamily,
                askedFamily,
                unansweredFamily,
                received,
                saved,
                closed,
                stopped,
                rewarded,
                members,
                ruled,
                dropped,
                deadLetters);
        wait = histogram(registry, "kritik.rollouts.wait", "From a rollout's record time until it was read");
        latency = histogram(registry, "kritik.reward.latency", "From a group's first rollout to its terminal record");
        judging = histogram(registry, "kritik.reward.judging", "From a group's first request to its terminal record");
        // At 0 from the start: a rate over a counter that appears with its first event misses that event.
        closed.of(GroupStatus.OK.name(), null);
        rewarded.of("zero");
        rewarded.of("some");
        for (Counted what : Counted.values()) {
            counter(what);
        }
        Gauge.builder(
                        "kritik.groups.open",
                        tasks,
                        all -> all.stream().mapToLong(OpenGroups::count).sum())
                .description("Groups that wait for members or critiques, over the tasks of this process")
                .register(registry);
        Gauge.builder("kritik.groups.oldest.age", tasks, all -> age(all, clock.millis()))
                .description("Age of the oldest open group, 0 when none is open")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder(
                        "kritik.samples.pending",
                        tasks,
                        all -> all.stream().mapToLong(OpenGroups::pending).sum())
                .description("Samples of open groups that were asked for and have not come")
                .register(registry);
    }

    private static Timer histogram(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static double age(Set<OpenGroups> tasks, long nowMs) {
        long oldest = tasks.stream().mapToLong(OpenGroups::oldestMs).min().orElse(Long.MAX_VALUE);
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, nowMs - oldest) / 1000.0;
    }

    /** Counts the open groups of a task from now on. */
    void add(OpenGroups task) {
        tasks.add(task);
    }

    /** The task is somebody else's now. */
    void remove(OpenGroups task) {
        tasks.remove(task);
    }

    void rollout() {
        rollouts.increment();
    }

    /** A rollout came that stands on its topic since then; producers' clocks may be ahead of ours. */
    void waited(long millis) {
        wait.record(Duration.ofMillis(Math.max(0, millis)));
    }

    void critique() {
        critiques.increment();
    }

    void asked(int newRequests, int newCritiques) {
        requests.increment(newRequests);
        asked.increment(newCritiques);
    }

    void received(Sample sample) {
        received.of(sample.status(), sample.reason()).increment();
    }

    void closed(GroupReward reward) {
        closed.of(reward.getStatus().name(), reward.getReason()).increment();
        stopped.of(reward.getStopReason()).increment();
        reward.getMembers().forEach(this::member);
        List<Double> rewards = reward.getMembers().stream()
                .map(MemberReward::getReward)
                .filter(value -> value != null)
                .toList();
        if (rewards.size() > 1) {
            rewarded.of(rewards.stream().distinct().count() == 1 ? "zero" : "some")
                    .increment();
        }
        unanswered.increment(reward.getSamplesRequested() - reward.getSamplesReceived());
        latency.record(Duration.ofMillis(reward.getClosedMs() - reward.getOpenedMs()));
        if (reward.getJudgingMs() != null) {
            judging.record(Duration.ofMillis(reward.getClosedMs() - reward.getJudgingMs()));
        }
        int spent = reward.getSamplesSpent();
        if (spent > 0 && spent < reward.getK()) {
            int panels = reward.getSamplesRequested() / spent;
            saved.of(reward.getStopReason()).increment((double) panels * (reward.getK() - spent));
        }
    }

    private void member(MemberReward member) {
        members.of(member.getStatus().name(), member.getReason()).increment();
        for (String rule : member.getMarks()) {
            boolean decided = rule.equals(member.getRule());
            String then = !decided ? "mark" : member.getReward() == null ? "refuse" : "score";
            ruled.of(rule, then).increment();
        }
    }

    void counted(Counted what) {
        counter(what).increment();
    }

    private Counter counter(Counted what) {
        return switch (what) {
            case ROLLOUT_DUPLICATE -> dropped.of("rollout", "duplicate");
            case ROLLOUT_LATE -> dropped.of("rollout", "late");
            case CRITIQUE_DUPLICATE -> dropped.of("critique", "duplicate");
            case CRITIQUE_LATE -> dropped.of("critique", "late");
        };
    }

    void deadLetter(String reason) {
        deadLetters.of(reason).increment();
    }

    /** All totals since the start, by name and labels, and the number of open groups, for a line in the log. */
    public Map<String, Long> totals() {
        Map<String, Long> totals = new TreeMap<>();
        totals.put(
                "kritik.groups.open",
                tasks.stream().mapToLong(OpenGroups::count).sum());
        families.forEach(family -> family.forEach((name, count) -> {
            if (count > 0) {
                totals.put(name, count);
            }
        }));
        return totals;
    }
}
