/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class FlowTest {

    private static final int PER_STEP = 4;

    /** Asks for groups on a thread of its own. */
    private static final class Asker {
        private final AtomicInteger got = new AtomicInteger(-1);
        private final Thread thread;

        Asker(Flow flow, int most) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    got.set(flow.take(most));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        void waits() {
            await().until(() -> thread.getState() == Thread.State.WAITING);
        }

        void gets(int count) {
            await().untilAtomic(got, value -> assertThat(value).isEqualTo(count));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 8", "2, 12"})
    void soManyGroupsAreUnderWayAndThenTheWriterWaitsForAStep(int ahead, int most) throws InterruptedException {
        // Given
        Flow flow = new Flow(PER_STEP, ahead, 100);
        assertThat(flow.take(3)).isEqualTo(3);
        assertThat(flow.take(1_000)).isEqualTo(most - 3);
        Asker asker = new Asker(flow, 1_000);
        asker.waits();

        // When
        flow.stepped(PER_STEP);

        // Then
        asker.gets(PER_STEP);
        assertThat(flow.underWay()).isEqualTo(most);
    }

    @Test
    void aDroppedGroupMakesRoomForAnother() throws InterruptedException {
        Flow flow = new Flow(PER_STEP, 0, 100);
        assertThat(flow.take(PER_STEP)).isEqualTo(PER_STEP);
        Asker asker = new Asker(flow, PER_STEP);
        asker.waits();
        flow.dropped();
        asker.gets(1);
    }

    @Test
    void whenItIsClosedWhoWaitsIsSentHomeAndNobodyGetsMore() throws InterruptedException {
        Flow flow = new Flow(PER_STEP, 0, 100);
        assertThat(flow.take(2)).isEqualTo(2);
        assertThat(flow.take(2)).isEqualTo(2);
        Asker asker = new Asker(flow, 1);
        asker.waits();
        flow.close();
        asker.gets(0);
        flow.dropped();
        assertThat(flow.take(1)).isZero();
    }

    @Test
    void afterARestartWhatIsUnderWayCounts() throws InterruptedException {
        // Given: more than may be ahead, as the run that was lost had gone on
        Flow flow = new Flow(PER_STEP, 1, 100);
        flow.goOn(30, 20, 5);
        assertThat(flow.published()).isEqualTo(30);
        assertThat(flow.underWay()).isEqualTo(10);
        Asker asker = new Asker(flow, 1_000);
        asker.waits();

        // When
        flow.stepped(PER_STEP);

        // Then
        asker.gets(2);
    }

    @Test
    void onlyWhatIsPublishedCountsAsPublished() throws InterruptedException {
        Flow flow = new Flow(PER_STEP, 0, 100);
        assertThat(flow.take(3)).isEqualTo(3);
        assertThat(flow.published()).isZero();
        flow.published(2);
        assertThat(flow.published()).isEqualTo(2);
        assertThat(flow.underWay()).isEqualTo(3);
    }

    /** A group on its way, and the version that wrote it. */
    private record Written(int version) {}

    /** A run against a writer on a thread of its own: groups end out of order within a window, and some are of no use. */
    private static final class Simulation {
        private final BlockingQueue<Written> judging = new LinkedBlockingQueue<>();
        private final AtomicInteger version = new AtomicInteger();
        private final AtomicInteger produced = new AtomicInteger();
        private final List<Integer> staleness = new ArrayList<>();
        private int dropped;
        private int mostUnderWay;

        Simulation(int ahead, int bound, int steps, int window, double useless, Random random) throws Exception {
            Flow flow = new Flow(PER_STEP, ahead, steps);
            Thread writer = Thread.ofPlatform().daemon().start(() -> write(flow, 3));
            List<Written> open = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                int enough = 0;
                while (enough < PER_STEP) {
                    Written next = judging.poll(open.isEmpty() ? 10_000 : 0, TimeUnit.MILLISECONDS);
                    if (next != null) {
                        open.add(next);
                    }
                    assertThat(open).as("a group came within 10 s").isNotEmpty();
                    if (next != null && open.size() < window) {
                        continue;
                    }
                    mostUnderWay = (int) Math.max(mostUnderWay, flow.underWay());
                    Written ended = open.remove(random.nextInt(open.size()));
                    int away = version.get() - ended.version();
                    if (away > bound || random.nextDouble() < useless) {
                        dropped++;
                        flow.dropped();
                    } else {
                        staleness.add(away);
                        enough++;
                    }
                }
                version.incrementAndGet();
                flow.stepped(PER_STEP);
            }
            await().until(() -> writer.getState() == Thread.State.WAITING);
            flow.close();
            writer.join();
            assertThat(flow.underWay())
                    .as("nothing is written that no step needs")
                    .isZero();
        }

        private void write(Flow flow, int round) {
            try {
                int count = flow.take(round);
                while (count > 0) {
                    int now = version.get();
                    for (int i = 0; i < count; i++) {
                        produced.incrementAndGet();
                        judging.add(new Written(now));
                    }
                    flow.published(count);
                    count = flow.take(round);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whereGroupsEndInTheirOrderNoneIsOlderThanWritingIsAhead(int ahead) throws Exception {
        // Given
        long seed = System.nanoTime();
        int steps = 200;

        // When: nothing could be dropped for its age
        Simulation run = new Simulation(ahead, Integer.MAX_VALUE, steps, 1, 0.2, new Random(seed));

        // Then
        assertThat(run.staleness).as("seed %d", seed).hasSize(steps * PER_STEP).allMatch(away -> away <= ahead);
        assertThat(run.produced).as("seed %d", seed).hasValue(steps * PER_STEP + run.dropped);
        assertThat(run.mostUnderWay).as("seed %d", seed).isLessThanOrEqualTo((ahead + 1) * PER_STEP);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "1, 4"})
    void whereTheyEndOutOfOrderTheRunStillComesToItsEndAndEachIsLearntFromOrDropped(int ahead, int bound)
            throws Exception {
        // Given
        long seed = System.nanoTime();
        int steps = 200;

        // When
        Simulation run = new Simulation(ahead, bound, steps, 3 * PER_STEP, 0.1, new Random(seed));

        // Then
        assertThat(run.staleness).as("seed %d", seed).hasSize(steps * PER_STEP).allMatch(away -> away <= bound);
        assertThat(run.produced).as("seed %d", seed).hasValue(steps * PER_STEP + run.dropped);
        assertThat(run.mostUnderWay).as("seed %d", seed).isLessThanOrEqualTo((ahead + 1) * PER_STEP);
    }
}
