/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import org.apache.kafka.clients.producer.KafkaProducer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.GroupSender;
import dev.kritik.ops.client.TopicReader;
import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;

/**
 * Load on an installation that runs: publishes groups of rollouts, reads their rewards as they are committed, and says for
 * each group what became of it and when. Prints nothing, and starts no process. For one thread; a run may follow another
 * with other group or job ids.
 */
public final class PipelineRun implements AutoCloseable {

    /** How long critiques are looked for that a reward counted: they stand on their topic before it. */
    private static final Duration CRITIQUES = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Connection connection;
    private final KafkaProducer<String, Rollout> producer;
    private boolean judgeTimes;
    private IntConsumer progress = ended -> {};

    private PipelineRun(Connection connection) {
        this.connection = connection;
        this.producer = connection.rolloutProducer();
    }

    /**
     * Connects to an installation.
     *
     * @param config its addresses and topic prefix, as {@code LocalCluster.config()} gives them
     * @throws dev.kritik.schema.config.ConfigError if an address is missing
     */
    public static PipelineRun open(Map<String, String> config) {
        Connection connection = new Connection(config);
        try {
            return new PipelineRun(connection);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** From now on critiques are read after each run, for {@link GroupTimes#judge}. */
    public PipelineRun withJudgeTimes() {
        judgeTimes = true;
        return this;
    }

    /** From now on this is told how many groups of the run have ended, on a thread of the run. */
    public PipelineRun withProgress(IntConsumer told) {
        progress = told;
        return this;
    }

    /**
     * Sends all groups, and waits for their rewards.
     *
     * @param patience how long the rewards may take after the last group was sent
     * @return all groups, in their order
     * @throws CommandFailed if the brokers take nothing, or can't be read
     * @throws InterruptedException if the thread was interrupted; groups that were sent are then judged all the same
     */
    public List<GroupTimes> run(Workload workload, Pace pace, Duration patience) throws InterruptedException {
        return run(workload, pace, Duration.ofDays(365), patience);
    }

    /**
     * The same, but no group is sent after a time.
     *
     * @param sending how long groups are sent
     * @return the groups that were sent, in their order
     */
    public List<GroupTimes> run(Workload workload, Pace pace, Duration sending, Duration patience)
            throws InterruptedException {
        Optional<TopicReader<Critique>> critiques = judgeTimes
                ? Optional.of(TopicReader.open(connection, connection.topics().critiques(), Critique.class, false))
                : Optional.empty();
        try {
            List<GroupTimes> groups = send(workload, pace, sending, patience);
            return critiques.isPresent() ? judged(groups, critiques.get()) : groups;
        } finally {
            critiques.ifPresent(TopicReader::close);
        }
    }

    private List<GroupTimes> send(Workload workload, Pace pace, Duration sending, Duration patience)
            throws InterruptedException {
        Semaphore room = new Semaphore(pace instanceof Pace.Closed closed ? closed.underWay() : 0);
        try (TopicReader<GroupReward> rewards =
                        TopicReader.open(connection, connection.topics().rewards(), GroupReward.class, false);
                UnderWay underWay = new UnderWay(rewards, room, progress)) {
            GroupSender sender = new GroupSender(producer, connection.topics().rollouts());
            underWay.start();
            Pace.Pauses pauses = pace instanceof Pace.Open open ? open.pauses() : () -> 0L;
            long begin = System.nanoTime();
            long end = begin + sending.toNanos();
            long due = begin;
            for (int number = 0; number < workload.groups(); number++) {
                // Made before it is due: it costs time that is not the pipeline's.
                List<Rollout> members = workload.group(number);
                due += pauses.next();
                if (pace instanceof Pace.Open) {
                    if (due >= end) {
                        break;
                    }
                    sleepUntil(due);
                } else if (!room.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                underWay.sent(number, members, pace instanceof Pace.Open ? due : System.nanoTime());
                sender.send(members);
                sender.check();
                underWay.check();
            }
            sender.flush();
            sender.check();
            return underWay.await(patience);
        }
    }

    private static void sleepUntil(long due) throws InterruptedException {
        long left = due - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private List<GroupTimes> judged(List<GroupTimes> groups, TopicReader<Critique> reader) {
        Map<String, Integer> missing = new HashMap<>();
        groups.forEach(group -> missing.put(
                key(group), group.reward().map(GroupReward::getSamplesReceived).orElse(0)));
        long wanted = missing.values().stream().mapToLong(Integer::longValue).sum();
        Map<String, JudgeTime> times = new HashMap<>();
        long end = System.nanoTime() + CRITIQUES.toNanos();
        while (wanted > 0 && System.nanoTime() < end) {
            for (Critique critique : reader.poll(POLL)) {
                String key = critique.getJobId() + "/" + critique.getGroupId();
                if (missing.containsKey(key)) {
                    times.merge(key, JudgeTime.of(critique), JudgeTime::and);
                    wanted--;
                }
            }
        }
        return groups.stream()
                .map(group -> group.judged(Optional.ofNullable(times.get(key(group)))))
                .toList();
    }

    private static String key(GroupTimes group) {
        return group.jobId() + "/" + group.groupId();
    }

    @Override
    public void close() {
        producer.close();
        connection.close();
    }
}
