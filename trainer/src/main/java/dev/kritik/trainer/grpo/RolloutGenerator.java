/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.kritik.lm.generate.GenerateRequest;
import dev.kritik.lm.generate.Generated;
import dev.kritik.schema.Rollout;
import dev.kritik.trainer.data.Mixture;
import dev.kritik.trainer.data.Seeds;
import dev.kritik.trainer.run.Course;

/**
 * Writes groups of rollouts on a thread of its own, as far ahead as {@link Flow} allows, each round with the newest weights.
 * The n-th group of a run has always the same query and the same seeds.
 */
final class RolloutGenerator implements AutoCloseable {

    private final GrpoConfig config;
    private final long seed;
    private final int round;
    private final List<Prompted> prompts;
    private final Numbering numbering;
    private final Policy policy;
    private final Flow flow;
    private final Exchange exchange;
    private final Course course;
    private final Thread thread;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong busyNanos = new AtomicLong();
    private volatile boolean busy;
    private volatile Throwable failure;

    /** What it works with; nothing of it is closed here. */
    record Tools(Policy policy, Flow flow, Exchange exchange, Numbering numbering) {}

    /**
     * A generator; it begins with {@link #start}.
     *
     * @param round most groups that are written and published at once
     */
    RolloutGenerator(GrpoConfig config, long seed, int round, List<Prompted> prompts, Tools tools) {
        this.config = config;
        this.seed = seed;
        this.round = round;
        this.prompts = prompts;
        this.policy = tools.policy();
        this.flow = tools.flow();
        this.exchange = tools.exchange();
        this.numbering = tools.numbering();
        this.course = new Course(new Mixture(prompts.size(), 0, 0, seed), 1);
        this.thread = Thread.ofPlatform().name("rollout-generator").daemon().unstarted(this::run);
    }

    /** Begins with the group of a number. */
    void start(long number) {
        next.set(number);
        thread.start();
    }

    private void run() {
        try {
            int count = flow.take(round);
            while (count > 0) {
                busy = true;
                long begin = System.nanoTime();
                List<List<Rollout>> groups = write(next.get(), count);
                exchange.publish(groups);
                next.addAndGet(count);
                flow.published(count);
                busyNanos.addAndGet(System.nanoTime() - begin);
                busy = false;
                count = flow.take(round);
            }
        } catch (InterruptedException e) {
            // It is told to end.
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            busy = false;
        }
    }

    private List<List<Rollout>> write(long first, int count) {
        int size = config.groupSize();
        long[] version = new long[1];
        List<Generated> written = policy.write(now -> {
            version[0] = now;
            List<GenerateRequest> requests = new ArrayList<>();
            for (long number = first; number < first + count; number++) {
                String id = numbering.group(number).groupId();
                for (int i = 0; i < size; i++) {
                    long drawn = Seeds.of(seed, "rollout", number, i);
                    requests.add(Policy.request(id, prompt(number).tokens(), config.sampling(), drawn));
                }
            }
            return requests;
        });
        List<List<Rollout>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            List<Rollout> members = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Generated response = written.get(group * size + i);
                tokens.addAndGet(response.tokens().length);
                members.add(Rollouts.of(
                        numbering.group(first + group), i, prompt(first + group), response, version[0], config));
            }
            groups.add(List.copyOf(members));
        }
        return groups;
    }

    private Prompted prompt(long number) {
        return prompts.get(course.batch(Math.toIntExact(number + 1)).getFirst());
    }

    /** Whether it is writing or publishing right now. */
    boolean busy() {
        return busy;
    }

    /** Tokens of all responses that were written. */
    long tokens() {
        return tokens.get();
    }

    /** Time that went into writing and publishing. */
    long busyNanos() {
        return busyNanos.get();
    }

    /** Passes on what ended it. */
    void check() {
        Throwable why = failure;
        if (why instanceof RuntimeException e) {
            throw e;
        }
        if (why instanceof Error e) {
            throw e;
        }
    }

    /** Ends it; waits for the round that is being written. */
    @Override
    public void close() {
        flow.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
