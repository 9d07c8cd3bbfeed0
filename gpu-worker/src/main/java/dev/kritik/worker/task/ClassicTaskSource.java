/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes tasks from a classic consumer group, for brokers without share groups. One thread polls, which never waits for a
 * task; tasks run side by side, at most as many as there are slots, and of each partition the finished prefix is
 * committed ({@link ClassicWindow}).
 *
 * <p>Against the share group: at most as many workers as the topic has partitions get work, a slow task keeps those
 * after it from being committed (they run again after a crash), and deliveries are not counted: a failed task is tried
 * again here after a pause, and given up after the last attempt.
 */
public final class ClassicTaskSource implements TaskSource {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicTaskSource.class);

    /** Longest time that closing takes beyond its grace. */
    private static final Duration CLOSING_WORK = Duration.ofSeconds(10);

    private final SourceSettings settings;
    private final TaskMetrics metrics;
    private final Supplier<Consumer<byte[], byte[]>> consumers;

    private Thread thread;
    private volatile ClassicWindow window;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile Duration grace = Duration.ZERO;

    public ClassicTaskSource(SourceSettings settings, TaskMetrics metrics) {
        this(settings, metrics, () -> consumer(settings));
    }

    ClassicTaskSource(SourceSettings settings, TaskMetrics metrics, Supplier<Consumer<byte[], byte[]>> consumers) {
        this.settings = settings;
        this.metrics = metrics;
        this.consumers = consumers;
    }

    @Override
    public synchronized void start(TaskHandler handler) {
        thread =
                Thread.ofPlatform().name("kritik-" + settings.name() + "-tasks").start(() -> run(handler));
    }

    private void run(TaskHandler handler) {
        int failures = 0;
        while (!stopping) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                KafkaClientMetrics figures = metrics.watch(consumer);
                ClassicWindow current = new ClassicWindow(settings, consumer, handler, metrics);
                window = current;
                try {
                    consumer.subscribe(List.of(settings.topic()), current);
                    while (!stopping) {
                        current.turn();
                        failures = 0;
                    }
                    current.drain(grace);
                } finally {
                    window = null;
                    current.abandon();
                    figures.close();
                }
            } catch (RuntimeException | Error e) { // an Error must not end the source unseen
                failures++;
                metrics.restarts.increment();
                Duration pause = settings.backoff().after(failures);
                LOGGER.atWarn()
                        .addKeyValue("group", settings.group())
                        .addKeyValue("failures", failures)
                        .addKeyValue("pauseMs", pause.toMillis())
                        .setCause(e)
                        .log("the consumer of tasks failed; a new one is opened after the pause");
                handler.sourceFailed(e);
                pause(pause);
            }
        }
    }

    private void pause(Duration time) {
        try {
            if (stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atDebug().log("closed during a pause");
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private static Consumer<byte[], byte[]> consumer(SourceSettings settings) {
        Map<String, Object> config = new HashMap<>(settings.kafka().client());
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.name() + "-tasks");
        config.put(CommonClientConfigs.GROUP_ID_CONFIG, settings.group());
        // Only finished tasks may be committed.
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A new group starts with the requests that already wait.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // Requests are written in transactions; those of an aborted one were never asked for.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A worker that comes or goes takes only its share of partitions along; the tasks of the others go on.
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        // No more at once than can start; the rest would only wait here instead of there.
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.slots());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public int connected() {
        ClassicWindow current = window;
        return current != null && current.ready() ? settings.slots() : 0;
    }

    @Override
    public void close(Duration closeGrace) {
        Thread running;
        synchronized (this) {
            grace = closeGrace;
            stopping = true;
            stop.countDown();
            running = thread;
        }
        ClassicWindow current = window;
        if (current != null) {
            current.wakeup();
        }
        if (running != null) {
            Threads.joinAll(List.of(running), closeGrace.plus(CLOSING_WORK));
        }
    }
}
