/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.kritik.ops.client.RangeReader;
import dev.kritik.ops.client.RateLimit;
import dev.kritik.ops.eval.Progress;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.UndecodableException;

/** Reads the groups that were judged, with their rewards, from the topics of an installation. For one thread. */
public final class OldGroupsReader {

    private final RateLimit limit;
    private final BooleanSupplier stop;
    private final Progress progress;
    private long all;
    private long before;
    private long unreadable;

    /**
     * A reader.
     *
     * @param stop asked now and then; true ends it before its time
     */
    public OldGroupsReader(RateLimit limit, BooleanSupplier stop, Progress progress) {
        this.limit = limit;
        this.stop = stop;
        this.progress = progress;
    }

    /**
     * Reads all of both topics' parts.
     *
     * @param jobs that are wanted; empty for all
     * @return the groups; incomplete if it was stopped
     */
    public OldGroups read(List<String> jobs, RangeReader<GroupReward> rewards, RangeReader<Rollout> rollouts)
            throws IOException {
        OldGroups groups = new OldGroups(
                Path.of(System.getProperty("java.io.tmpdir")),
                job -> jobs.isEmpty() || jobs.contains(job),
                rollouts::again);
        try {
            all = rewards.length() + rollouts.length();
            boolean whole = each(rewards, (reward, bytes) -> groups.reward(reward)) && each(rollouts, groups::rollout);
            progress.end();
            if (whole) {
                groups.settle();
            }
            return groups;
        } catch (IOException | RuntimeException e) {
            groups.close();
            throw e;
        }
    }

    /** Records that were passed over since they can't be read. */
    public long unreadable() {
        return unreadable;
    }

    private interface Taker<T> {
        void take(T value, byte[] bytes) throws IOException;
    }

    private <T extends SpecificRecord> boolean each(RangeReader<T> reader, Taker<T> taker) throws IOException {
        for (var span : reader.spans().entrySet()) {
            long from = span.getValue().from();
            boolean whole = reader.read(span.getKey(), from, new RangeReader.PartitionTaker() {
                @Override
                public void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
                    if (!reader.bounds().holds(record.timestamp())) {
                        return;
                    }
                    T value;
                    try {
                        value = reader.again(record.value());
                    } catch (UndecodableException e) {
                        unreadable++;
                        return;
                    }
                    taker.take(value, record.value());
                }

                @Override
                public boolean fetched(long position, long records, long bytes) {
                    progress.show(before + position - from, all);
                    limit.await(records, bytes, stop);
                    return !stop.getAsBoolean();
                }
            });
            if (!whole) {
                return false;
            }
            before += span.getValue().to() - from;
        }
        return true;
    }
}
