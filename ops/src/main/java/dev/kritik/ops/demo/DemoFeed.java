/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import org.apache.kafka.common.KafkaException;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.kritik.ops.cli.CommandFailed;
import dev.kritik.ops.client.Connection;
import dev.kritik.ops.client.GroupSender;
import dev.kritik.ops.client.JobIds;
import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.ops.rollouts.Defaults;
import dev.kritik.schema.Rollout;

/**
 * Sends groups at a steady pace to a running installation, so that there is something to look at: micro-tasks, each time with
 * its responses in another order; now and then a group whose last member is late for ever, and a record that can't be used.
 * One thread of its own.
 */
public final class DemoFeed implements AutoCloseable {

    /** Every so many groups one lacks a member: it ends by its deadline. */
    static final int INCOMPLETE = 23;

    /** Every so many groups a record comes that ends as a dead letter. */
    static final int POISON = 31;

    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final long NANOS = 1_000_000_000L;

    private final Map<String, String> config;
    private final double perSecond;
    private final Consumer<String> say;
    private final List<EvalQuery> queries;
    private final Random random = new Random();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("kritik-demo").daemon().unstarted(this::run);

    private DemoFeed(Map<String, String> config, double perSecond, Consumer<String> say, List<EvalQuery> queries) {
        this.config = config;
        this.perSecond = perSecond;
        this.say = say;
        this.queries = queries;
    }

    /**
     * Begins to send.
     *
     * @param config of the installation
     * @param perSecond groups
     * @param say is told what begins, and what goes wrong
     */
    public static DemoFeed start(Map<String, String> config, double perSecond, Consumer<String> say) {
        String job = JobIds.unique("demo");
        try {
            DemoFeed feed = new DemoFeed(config, perSecond, say, tasks(job));
            feed.thread.start();
            say.accept("sends groups of job " + job + ", " + perSecond + " a second");
            return feed;
        } catch (IOException e) {
            throw new CommandFailed("the demo's tasks can't be read: " + e.getMessage(), e);
        }
    }

    /** The demo's tasks; samples, goal and deadlines are as the installation has them. */
    static List<EvalQuery> tasks(String job) throws IOException {
        return DemoData.microTasks(new Defaults(job, null, null, null, null));
    }

    private void run() {
        while (!isOver(0)) {
            try (Connection to = new Connection(config);
                    var producer = to.rolloutProducer()) {
                send(new GroupSender(producer, to.topics().rollouts()));
            } catch (KafkaException | CommandFailed e) {
                say.accept("the demo pauses: " + e.getMessage());
                var unused = isOver(RETRY.toNanos());
            }
        }
    }

    private void send(GroupSender sender) {
        long number = 0;
        long due = System.nanoTime();
        while (!isOver(due - System.nanoTime())) {
            sender.send(group(queries, number, random, InstantSource.system().millis()));
            sender.check();
            number++;
            due = Math.max(due + (long) (NANOS / perSecond), System.nanoTime() - NANOS); // no crowd after a pause
        }
    }

    /** The members of a group: those of the task whose turn it is, under an id of their own, in an order by chance. */
    static List<Rollout> group(List<EvalQuery> queries, long number, Random random, long nowMs) {
        EvalQuery query = queries.get((int) (number % queries.size()));
        List<Rollout> members = new ArrayList<>(query.rollouts());
        Collections.shuffle(members, random);
        String id = query.domain() + "-" + Long.toString(nowMs, Character.MAX_RADIX) + "-" + number;
        boolean lacking = number % INCOMPLETE == INCOMPLETE - 1;
        String label = number % 3 == 0 ? null : label(query, members); // some queries have no known answer
        List<Rollout> group = new ArrayList<>();
        for (int index = 0; index < members.size(); index++) {
            group.add(member(members.get(index), id, index, label)
                    .setPolicyVersion(number / queries.size())
                    .setDeadlineMs(lacking ? (Long) (nowMs + DEADLINE.toMillis()) : null)
                    .build());
        }
        if (lacking) {
            group.removeLast();
        }
        if (number % POISON == POISON - 1) { // a place that its group does not have
            Rollout last = group.getLast();
            group.add(member(last, id, last.getGroupSize() + 1, null).build());
        }
        return group;
    }

    private static Rollout.Builder member(Rollout of, String group, int index, String label) {
        return Rollout.newBuilder()
                .setJobId(of.getJobId())
                .setGroupId(group)
                .setGroupSize(of.getGroupSize())
                .setIndex(index)
                .setMessages(of.getMessages())
                .setResponse(of.getResponse())
                .setLabel(label)
                .setMetadata(of.getMetadata());
    }

    /** The best response's place in its new order. */
    private static String label(EvalQuery query, List<Rollout> members) {
        for (int index = 0; index < members.size(); index++) {
            if (query.best() != null && members.get(index).getIndex() == query.best()) {
                return Integer.toString(index);
            }
        }
        return null;
    }

    /** Waits; whether it is time to end. */
    private boolean isOver(long nanos) {
        try {
            return closing.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Sends no more; returns when it has ended. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
