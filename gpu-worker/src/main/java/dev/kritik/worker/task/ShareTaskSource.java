/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.task;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes tasks from a share group (KIP-932): a queue whose records are locked one by one, so that a slow task holds up no
 * other and any worker can take the next. One slot is one thread with one consumer, because a share consumer brings
 * nothing new while one of its records is unfinished.
 *
 * <p>A task that runs for longer than the lock is kept by renewals ({@link ShareSlot}). Each delivery that fails counts
 * against the group's limit; the last one ends with {@link TaskHandler#giveUp}.
 */
public final class ShareTaskSource implements TaskSource {

    private final SourceSettings settings;
    private final TaskMetrics metrics;
    private final BrokerGate gate;
    private final List<ShareSlot> slots = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public ShareTaskSource(SourceSettings settings, TaskMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.gate = new BrokerGate(settings.kafka().client());
    }

    /**
     * {@inheritDoc}
     *
     * @throws org.apache.kafka.common.KafkaException if the broker can't be asked for the group's limits
     */
    @Override
    public synchronized void start(TaskHandler handler) {
        int deliveryLimit = ShareGroups.deliveryLimit(settings.kafka().client(), settings.group());
        for (int i = 0; i < settings.slots(); i++) {
            String clientId = settings.name() + "-slot-" + i;
            ShareSlot slot = new ShareSlot(settings, deliveryLimit, () -> consumer(clientId), handler, metrics);
            slots.add(slot);
            threads.add(Thread.ofPlatform().name("kritik-" + clientId).start(slot));
        }
    }

    private ShareConsumer<byte[], byte[]> consumer(String clientId) {
        gate.pass();
        Map<String, Object> config = new HashMap<>(settings.kafka().client());
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        config.put(CommonClientConfigs.GROUP_ID_CONFIG, settings.group());
        // A task is acknowledged when its results stand on the broker, not when the next one is asked for.
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // One record a poll, and none fetched ahead: a record that waits in a buffer would use up its lock unseen.
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // A fetch that finds the partition busy with another slot's fetch is not looked at again before this time is
        // up.
        // With one partition, 4 slots and 100 records/s on a busy machine of two cores: p99 260-370 ms with Kafka's
        // 500,
        // 150 ms with 100; with four partitions no difference. The price: 16 idle slots cost the broker 6 % of a core,
        // not 3 %.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public int connected() {
        return (int) slots.stream().filter(ShareSlot::ready).count();
    }

    @Override
    public synchronized void close(Duration grace) {
        gate.close();
        slots.forEach(slot -> slot.stop(grace));
        // Beyond the grace: giving up, giving back and leaving the group are bounded too.
        Duration bound = grace.plus(ShareSlot.CLOSING_WORK);
        Threads.joinAll(threads, bound);
        slots.clear();
        threads.clear();
    }
}
