/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import org.apache.kafka.clients.producer.Producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import dev.kritik.local.StackException;
import dev.kritik.ops.bench.load.Machine;
import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.cli.Version;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.GroupSender;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.ops.judge.Faults;
import dev.kritik.ops.judge.Latency;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.local.LocalCluster;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;

/**
 * Kritik: rollouts to Kafka, rewards from Kafka, on an installation of its own that is started for each run: broker, registry,
 * one stream-app, one worker, each a process. Each response is judged alone, once.
 *
 * @param config keys for the roles, over those that make the work comparable
 */
record KritikContender(Map<String, String> config) implements Contender {

    static final String NAME = "kritik";

    private static final String JOB = "peers";
    private static final String WARM_UP_JOB = "peers-warm-up";

    /** Groups that are judged at once and without faults before the run, so that compilers have seen the code. */
    private static final int WARM_UP_GROUPS = 64;

    private static final Duration WARM_UP = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(20);

    /** The broker's bound on the members of a share group is 200. */
    private static final int MOST_SLOTS = 190;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Attempt judge(Work work, RecordedJudge judge, Terms terms, Path folder) throws InterruptedException {
        Map<String, String> settings = settings(judge, terms);
        try (LocalCluster cluster = LocalCluster.temporary(settings)) {
            var unusedStream = cluster.startStream();
            var unusedWorker = cluster.startWorker();
            try (Connection connection = new Connection(cluster.config());
                    Producer<String, Rollout> producer = connection.rolloutProducer();
                    TopicReader<GroupReward> rewards =
                            TopicReader.open(connection, connection.topics().rewards(), GroupReward.class, false)) {
                GroupSender sender =
                        new GroupSender(producer, connection.topics().rollouts());
                int warmUp = Math.min(WARM_UP_GROUPS, work.groups()); // more are not on record
                warmUp(Work.of(warmUp, work.groupSize(), 0, 0), judge, sender, rewards);
                Map<String, Object> shown = shown(settings);
                shown.put("warm_up_rollouts", warmUp * work.groupSize());
                shown.put("kafka_broker", Machine.broker(cluster.stack().brokerLog()));
                return run(work, terms, shown, sender, rewards);
            }
        } catch (StackException e) {
            throw new CommandFailed(e.getMessage(), e);
        }
    }

    private Map<String, String> settings(RecordedJudge judge, Terms terms) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("judge.openai.url", judge.url().toString());
        settings.put("judge.openai.model", Work.MODEL);
        settings.put("judge.openai.concurrency", Integer.toString(terms.concurrency()));
        // A slot waits for its next request while the judge has work from the others.
        settings.put("worker.slots", Integer.toString(Math.min(MOST_SLOTS, 2 * terms.concurrency())));
        terms.timeoutSeconds()
                .ifPresent(
                        seconds -> settings.put("judge.openai.timeout.ms", Long.toString(Math.round(seconds * 1e3))));
        settings.putAll(config);
        return settings;
    }

    /** The scores of these are no part of the work: only whether they come matters. */
    private static void warmUp(Work work, RecordedJudge judge, GroupSender sender, TopicReader<GroupReward> rewards)
            throws InterruptedException {
        judge.change(Latency.NONE, Faults.NONE);
        for (int group = 0; group < work.groups(); group++) {
            sender.send(rollouts(WARM_UP_JOB, work.group(group)));
        }
        long end = System.nanoTime() + WARM_UP.toNanos();
        int seen = 0;
        while (seen < work.groups()) {
            if (System.nanoTime() > end) {
                throw new CommandFailed("kritik gave " + seen + " of " + work.groups() + " rewards within "
                        + WARM_UP.toSeconds() + " s before the run began: is the machine busy?");
            }
            check();
            seen += rewards.poll(POLL).size();
            sender.check();
        }
        judge.restore();
    }

    private static Attempt run(
            Work work, Terms terms, Map<String, Object> settings, GroupSender sender, TopicReader<GroupReward> rewards)
            throws InterruptedException {
        List<Told> told = new ArrayList<>();
        Set<String> ended = new HashSet<>();
        long begin = System.nanoTime();
        Thread sending = Thread.ofPlatform().name("peers-sender").start(() -> send(work, begin, sender));
        try {
            double seconds = 0;
            while (ended.size() < work.groups() && seconds < terms.limit().toNanos() / 1e9) {
                check();
                List<GroupReward> read = rewards.poll(POLL);
                seconds = (System.nanoTime() - begin) / 1e9;
                for (GroupReward group : read) {
                    if (group.getJobId().equals(JOB)) {
                        ended.add(group.getGroupId());
                        tell(group, seconds, told);
                    }
                }
                sender.check();
            }
            return new Attempt(version(), settings, "all of it; one stream-app, one worker", told, seconds);
        } finally {
            sending.interrupt();
            sending.join();
        }
    }

    private static void check() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static void send(Work work, long begin, GroupSender sender) {
        try {
            for (int number = 0; number < work.groups(); number++) {
                List<Item> group = work.group(number);
                long due = begin + (long) (group.getFirst().atSeconds() * 1e9);
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                sender.send(rollouts(JOB, group));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run is over
        }
    }

    private static List<Rollout> rollouts(String job, List<Item> group) {
        return group.stream()
                .map(item -> Rollout.newBuilder()
                        .setJobId(job)
                        .setGroupId("q" + item.group())
                        .setIndex(item.index())
                        .setGroupSize(group.size())
                        .setMessages(List.of(new Message("user", item.prompt())))
                        .setResponse(item.response())
                        .setK(1)
                        .setPanelSize(1)
                        .setGoal("fixed")
                        .build())
                .toList();
    }

    private static void tell(GroupReward group, double seconds, List<Told> told) {
        for (MemberReward member : group.getMembers()) {
            String reason = Optional.ofNullable(member.getReason())
                    .map(text -> Optional.ofNullable(group.getDetail())
                            .map(detail -> text + ": " + detail)
                            .orElse(text))
                    .orElse(null);
            told.add(new Told(group.getGroupId() + "/" + member.getIndex(), member.getReward(), reason, seconds));
        }
    }

    private static String version() {
        try {
            return new Version().getVersion()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> shown(Map<String, String> settings) {
        Map<String, Object> shown = new LinkedHashMap<>(settings);
        shown.remove("judge.openai.url");
        shown.put("k", 1);
        shown.put("panel_size", 1);
        shown.put("goal", "fixed");
        return shown;
    }
}
