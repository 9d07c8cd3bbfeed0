/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.kritik.ops.audit.invariant.World.Rec;
import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Rollout;

/** A million rollouts, as many critiques: they fit into a small heap. */
class MillionRolloutsTest {

    private static final int GROUPS = 250_000;
    private static final long MOST_BYTES = 900L << 20;

    @Test
    @EnabledIfSystemProperty(named = "kritik.slow", matches = "true", disabledReason = "slow: needs -Dkritik.slow=true")
    void aMillionRolloutsFitIntoASmallHeap() {
        // Given: one group, again and again under other names
        World world = Worlds.eventful();
        Observation seen = new Observation(1024, 1);
        long begin = System.nanoTime();
        // When
        for (int group = 0; group < GROUPS; group++) {
            again(world, seen, group);
        }
        // Then
        assertThat(Checker.check(seen, world.terms()).findings().violations()).isEmpty();
        System.gc();
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        System.err.printf("%d groups: %d MiB, %.1f s%n", GROUPS, used >> 20, (System.nanoTime() - begin) / 1e9);
        assertThat(used).isLessThan(MOST_BYTES);
        assertThat(seen.groups).hasSize(GROUPS);
    }

    private static void again(World world, Observation seen, int number) {
        String name = "group-" + number;
        byte[] key = ("job/" + name).getBytes(UTF_8);
        long shift = number * 100L;
        for (Rec<Rollout> record : world.rollouts("plain")) {
            byte[] value = (name + record.value.getIndex()).getBytes(UTF_8);
            var member = new Send.Member("job", name, 0, record.value.getIndex(), 4, null);
            seen.sent(Send.begun(record.timeMs, member, Fingerprint.of(value), null)
                    .acknowledged(record.timeMs, record.partition, record.offset + shift));
            Rollout rollout = Rollout.newBuilder(record.value).setGroupId(name).build();
            seen.rollout(record.partition, record.offset + shift, record.timeMs, key, value, rollout);
        }
        for (Rec<CritiqueRequest> record : world.requests("plain")) {
            rename(record.value, name);
            seen.request(record.partition, record.offset + shift, record.value);
            rename(record.value, "plain");
        }
        for (Rec<Critique> record : world.critiques("plain")) {
            rename(record.value, name);
            seen.critique(record.partition, record.offset + shift, key, record.value);
            rename(record.value, "plain");
        }
        Rec<GroupReward> record = world.reward("plain");
        rename(record.value, name);
        seen.reward(record.partition, record.offset + shift, record.timeMs, key, record.value);
        rename(record.value, "plain");
    }

    private static void rename(SpecificRecord record, String group) {
        record.put(record.getSchema().getField("group_id").pos(), group);
    }
}
