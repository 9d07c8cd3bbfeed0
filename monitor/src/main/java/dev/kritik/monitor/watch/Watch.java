/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.Scores;
import dev.kritik.schema.Topics;

/**
 * What the topics have told: takes records in the order of each partition, and answers with pictures of the window. Memory is
 * bounded by the {@link Limits}; of texts nothing is kept. Reads no clock: who calls says what time it is, in epoch
 * milliseconds. Safe for use by many threads.
 */
public final class Watch {

    private static final int RECENT = 10;
    private static final int MOST_LAG_LINES = 24;
    private static final int MOST_DEAD_PLACES = 10_000;
    private static final String LAG = "lag ";
    private static final String OLDEST = "oldest";
    private static final String REWARD = "reward";
    private static final String JUDGING = "judging";
    private static final String JUDGE = "judge ";

    private final Limits limits;
    private final Topics topics;
    private final Timeline timeline;
    private final Latencies latencies;
    private final GroupIndex groups;
    private final Deque<DeadLetterLine> deadLetters = new ArrayDeque<>();
    /** Rollouts that were put aside, and the groups that hold their places; the eldest go. */
    private final Set<Place> deadRollouts = new LinkedHashSet<>();

    private Overview.Lag lag = new Overview.Lag(null, null, List.of());
    private boolean caughtUp;
    private String trouble;
    private long nowMs;

    public Watch(Limits limits, Topics topics) {
        this.limits = limits;
        this.topics = topics;
        this.timeline = new Timeline(limits.sliceMs(), limits.slices());
        this.latencies = new Latencies(limits.windowMs());
        this.groups = new GroupIndex(limits.groups(), entry -> timeline.add(nowMs, Tally.LEFT, 1));
    }

    /** Takes a rollout. */
    public synchronized void rollout(Rollout rollout, Place place, long atMs, long now) {
        at(now);
        timeline.add(atMs, Tally.ROLLOUTS, 1);
        if (deadRollouts.contains(place)) {
            return; // it opens no group
        }
        Entry entry = groups.of(key(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt()));
        boolean first = entry.rollouts.isEmpty();
        entry.rollouts.putIfAbsent(rollout.getIndex(), place);
        entry.size = entry.size == 0 ? rollout.getGroupSize() : entry.size;
        entry.touch(atMs);
        if (first) {
            timeline.add(atMs, Tally.OPENED, 1);
            if (entry.ending != null) {
                timeline.add(entry.ending.closedMs(), Tally.LEFT, 1);
            }
        }
    }

    /** Takes a request for critiques. */
    public synchronized void request(CritiqueRequest request, long now) {
        at(now);
        int samples = request.getSamples().size();
        timeline.add(request.getCreatedMs(), Tally.ASKED, samples);
        Entry entry = groups.of(key(request.getJobId(), request.getGroupId(), request.getGroupAttempt()));
        entry.asked += samples;
        entry.touch(request.getCreatedMs());
    }

    /** Takes a critique. */
    public synchronized void critique(Critique critique, Place place, long now) {
        at(now);
        long atMs = critique.getFinishedMs();
        boolean usable = critique.getStatus() == CritiqueStatus.OK;
        String outcome = outcome(critique.getStatus().name(), critique.getReason());
        String judge = judge(critique);
        timeline.add(atMs, new Count(Tally.CRITIQUES, outcome), 1);
        timeline.add(atMs, Count.of(Tally.JUDGED, judge, outcome), 1);
        add(atMs, Tally.PROMPT_TOKENS, critique.getPromptTokens());
        add(atMs, Tally.WRITTEN_TOKENS, critique.getCompletionTokens());
        if (critique.getAttempt() > 0) { // else no judge was asked
            latencies.add(JUDGE + judge, atMs, critique.getJudgeMs(), nowMs);
        }
        Entry entry = groups.of(key(critique.getJobId(), critique.getGroupId(), critique.getGroupAttempt()));
        entry.critique(place, usable);
        entry.touch(atMs);
    }

    private void add(long atMs, Tally tally, Long tokens) {
        if (tokens != null && tokens > 0) {
            timeline.add(atMs, tally, tokens);
        }
    }

    /** Takes the end of a group; a second one for the same group changes nothing. */
    public synchronized void reward(GroupReward reward, Place place, long now) {
        at(now);
        Entry entry = groups.of(key(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt()));
        if (entry.reward != null) {
            return;
        }
        Ending ending = Ending.of(reward);
        entry.reward = place;
        entry.ending = ending;
        entry.size = reward.getGroupSize();
        entry.touch(ending.closedMs());
        groups.end(entry);
        long atMs = ending.closedMs();
        if (!entry.rollouts.isEmpty()) {
            timeline.add(atMs, Tally.LEFT, 1);
        }
        timeline.add(atMs, new Count(Tally.REWARDS, outcome(ending.status(), ending.reason())), 1);
        timeline.add(atMs, Tally.SPENT, ending.spent());
        timeline.add(atMs, Tally.ALLOWED, ending.k());
        latencies.add(REWARD, atMs, ending.tookMs(), nowMs);
        if (ending.judgingMs() != null) {
            latencies.add(JUDGING, atMs, Math.max(0, atMs - ending.judgingMs()), nowMs);
        }
        if (!ending.hinted()) {
            spread(reward, ending, atMs);
        }
    }

    private void spread(GroupReward reward, Ending ending, long atMs) {
        if (ending.rewarded() > 1) {
            timeline.add(atMs, Tally.COMPARED, 1);
            timeline.add(atMs, Tally.FLAT, ending.flat() ? 1 : 0);
            timeline.add(atMs, Tally.TIED, ending.tied() ? 1 : 0);
        }
        for (MemberReward member : reward.getMembers()) {
            if (member.getReward() != null) {
                long score = Math.clamp(Math.round(member.getReward()), Scores.LOWEST, Scores.HIGHEST);
                timeline.add(atMs, Count.of(Tally.SCORES, Long.toString(score), reward.getJobId()), 1);
            }
        }
    }

    /** Takes a dead letter. */
    public synchronized void deadLetter(DeadLetterLine line, long now) {
        at(now);
        timeline.add(line.atMs(), new Count(Tally.DEAD, line.reason()), 1);
        deadLetters.addLast(line);
        while (deadLetters.size() > limits.deadLetters()) {
            deadLetters.removeFirst();
        }
        if (topics.rollouts().equals(line.topic()) && line.partition() != null && line.offset() != null) {
            forget(new Place(line.partition(), line.offset()));
        }
    }

    /** A rollout that was put aside is no member of a group. */
    private void forget(Place place) {
        deadRollouts.add(place);
        if (deadRollouts.size() > MOST_DEAD_PLACES) {
            deadRollouts.remove(deadRollouts.iterator().next());
        }
        for (Entry entry : groups.waiting()) {
            if (entry.rollouts.values().remove(place)) {
                if (entry.rollouts.isEmpty()) {
                    timeline.add(entry.firstMs, Tally.OPENED, -1);
                    if (entry.asked + entry.critiques.size() == 0) {
                        groups.remove(entry);
                    }
                }
                return;
            }
        }
    }

    /** A record could not be read here. */
    public synchronized void unreadable(String topic, long atMs, long now) {
        at(now);
        timeline.add(atMs, new Count(Tally.UNREADABLE, topic), 1);
    }

    /** Takes what the brokers say of lag. */
    public synchronized void lag(List<PartitionLag> partitions, long now) {
        at(now);
        lag = new Overview.Lag(now, null, LagBook.lines(partitions));
        LagBook.numbers(lag.lines(), MOST_LAG_LINES)
                .forEach((name, records) -> timeline.measure(now, LAG + name, records, Math::max));
    }

    /** The brokers did not say: the last numbers stay, with their time and this. */
    public synchronized void lagUnknown(String why) {
        lag = new Overview.Lag(lag.atMs(), why, lag.lines());
    }

    /** Whether the topics are being read, and whether what was there at the start has been. */
    public synchronized void reading(boolean upToNow, String why) {
        caughtUp = upToNow;
        trouble = why;
    }

    /** To be called about once a second: the window moves on, and ages are measured. */
    public synchronized void tick(long now) {
        at(now);
        latencies.advance(nowMs);
        groups.expire(nowMs - limits.windowMs());
        if (caughtUp) {
            timeline.measure(nowMs, OLDEST, open().oldestMs(), Math::max);
        }
    }

    private void at(long now) {
        nowMs = Math.max(nowMs, now);
        timeline.advance(nowMs);
    }

    /** The window, with the slices that changed after a version; 0 for all. */
    public synchronized Overview overview(long since) {
        Map<Count, Long> totals = timeline.totals();
        return new Overview(
                nowMs,
                limits.windowMs(),
                limits.sliceMs(),
                timeline.version(),
                caughtUp,
                trouble,
                timeline.changedSince(since).stream().map(Watch::slice).toList(),
                timeline.everBefore(Tally.OPENED) - timeline.everBefore(Tally.LEFT),
                open(),
                flow(),
                latencies.of(REWARD),
                latencies.of(JUDGING),
                Sums.judges(totals, name -> latencies.of(JUDGE + name)),
                Sums.reasons(totals, Tally.CRITIQUES),
                Sums.reasons(totals, Tally.REWARDS),
                Sums.labels(totals, Tally.DEAD),
                Sums.scores(totals),
                lag,
                groups.list(new GroupFilter("", "", "", GroupFilter.Order.NEWEST, RECENT), nowMs),
                groups.waiting().size() + groups.ended().size(),
                groups.letGo(),
                jobs());
    }

    private List<String> jobs() {
        Set<String> jobs = new LinkedHashSet<>();
        groups.waiting().forEach(entry -> jobs.add(entry.id.job()));
        groups.ended().forEach(entry -> jobs.add(entry.id.job()));
        return jobs.stream().sorted().limit(Timeline.MOST_LABELS).toList();
    }

    private static Overview.Slice slice(Timeline.Slice slice) {
        Map<Tally, Long> sums = Sums.byTally(slice.counts());
        long good = slice.counts().getOrDefault(new Count(Tally.CRITIQUES, "OK"), 0L);
        Map<String, Long> lags = new LinkedHashMap<>();
        slice.gauges().forEach((name, value) -> {
            if (name.startsWith(LAG)) {
                lags.put(name.substring(LAG.length()), value);
            }
        });
        return new Overview.Slice(
                slice.beginMs(),
                sums.getOrDefault(Tally.ROLLOUTS, 0L),
                sums.getOrDefault(Tally.OPENED, 0L),
                sums.getOrDefault(Tally.LEFT, 0L),
                sums.getOrDefault(Tally.ASKED, 0L),
                sums.getOrDefault(Tally.CRITIQUES, 0L),
                sums.getOrDefault(Tally.CRITIQUES, 0L) - good,
                sums.getOrDefault(Tally.REWARDS, 0L),
                sums.getOrDefault(Tally.SPENT, 0L),
                sums.getOrDefault(Tally.ALLOWED, 0L),
                sums.getOrDefault(Tally.DEAD, 0L),
                slice.gauges().get(OLDEST),
                lags);
    }

    private Overview.Open open() {
        int open = 0;
        int collecting = 0;
        long critiques = 0;
        Entry oldest = null;
        for (Entry entry : groups.waiting()) {
            if (!entry.open()) {
                continue;
            }
            open++;
            collecting += entry.state().equals(GroupLine.COLLECTING) ? 1 : 0;
            critiques += Math.max(0, entry.asked - entry.usable - entry.unusable);
            oldest = oldest == null || entry.firstMs < oldest.firstMs ? entry : oldest;
        }
        return new Overview.Open(
                open,
                collecting,
                critiques,
                oldest == null ? 0 : Math.max(0, nowMs - oldest.firstMs),
                oldest == null ? null : oldest.id);
    }

    private Overview.Flow flow() {
        Map<Tally, Long> sums = Sums.byTally(timeline.totals());
        return new Overview.Flow(
                sums.getOrDefault(Tally.ROLLOUTS, 0L),
                sums.getOrDefault(Tally.ASKED, 0L),
                sums.getOrDefault(Tally.CRITIQUES, 0L),
                sums.getOrDefault(Tally.REWARDS, 0L),
                sums.getOrDefault(Tally.SPENT, 0L),
                sums.getOrDefault(Tally.ALLOWED, 0L),
                sums.getOrDefault(Tally.COMPARED, 0L),
                sums.getOrDefault(Tally.FLAT, 0L),
                sums.getOrDefault(Tally.TIED, 0L),
                sums.getOrDefault(Tally.DEAD, 0L),
                sums.getOrDefault(Tally.UNREADABLE, 0L),
                sums.getOrDefault(Tally.PROMPT_TOKENS, 0L),
                sums.getOrDefault(Tally.WRITTEN_TOKENS, 0L));
    }

    /** Groups of the window, as filtered and sorted. */
    public synchronized List<GroupLine> groups(GroupFilter filter) {
        return groups.list(filter, nowMs);
    }

    /** Where the records of a group stand; empty where it is not remembered. */
    public synchronized Optional<GroupPlaces> places(GroupKey id) {
        return groups.known(id).map(Entry::places);
    }

    /** Dead letters that are listed, the newest first; of one reason only, where it is not empty. */
    public synchronized List<DeadLetterLine> deadLetters(String reason) {
        List<DeadLetterLine> lines = new ArrayList<>();
        for (DeadLetterLine line : deadLetters) {
            if (line.atMs() >= nowMs - limits.windowMs() && (reason.isEmpty() || reason.equals(line.reason()))) {
                lines.add(line);
            }
        }
        lines.sort((a, b) -> Long.compare(b.atMs(), a.atMs()));
        return Collections.unmodifiableList(lines);
    }

    private static GroupKey key(String job, String group, int attempt) {
        return new GroupKey(job, group, attempt);
    }

    private static String outcome(String status, String reason) {
        return status.equals("OK") ? status : status + Count.BETWEEN + (reason == null ? "" : reason);
    }

    private static String judge(Critique critique) {
        return critique.getJudgeName() != null
                ? critique.getJudgeName()
                : critique.getJudge() + ":" + critique.getModel() + "@" + critique.getPromptVersion();
    }
}
