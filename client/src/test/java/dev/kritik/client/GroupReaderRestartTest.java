/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import dev.kritik.client.GroupReader.Start;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.Rollout;

/** Everything that can stand on the topics, in any order that it can, and readers that die at any moment. */
class GroupReaderRestartTest {

    private static final int GROUPS = 25;

    /** A group with all that is written of it: rollouts, then the record that ends it, then what comes too late. */
    private record Story(GroupId id, boolean hinted, Map<Integer, String> judged, List<Runnable> events) {}

    private final Map<GroupId, Story> wanted = new LinkedHashMap<>();
    private final Map<String, List<GroupId>> orderByPartition = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 0})
    void eachGroupComesOnceInTheOrderOfItsPartitionWhereverAReaderDies(long given) {
        // Given
        long seed = given == 0 ? System.nanoTime() : given;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        FakeTopics topics = new FakeTopics(1 + random.nextInt(3));
        List<Runnable> toWrite = interleaved(stories(random, topics), random);

        // When
        List<RewardedGroup> kept = new ArrayList<>();
        Optional<GroupPosition> position = Optional.empty();
        int written = 0;
        boolean done = false;
        while (!done) {
            topics.mostPerPoll = 1 + random.nextInt(12);
            try (GroupReader reader = topics.open(position, Start.EARLIEST)) {
                position.ifPresent(at -> assertThat(reader.position())
                        .as("position when opened, seed %d", seed)
                        .isEqualTo(at));
                List<RewardedGroup> sinceStored = new ArrayList<>();
                boolean dies = random.nextInt(8) != 0;
                int steps = dies ? random.nextInt(20) : Integer.MAX_VALUE;
                int idle = 0;
                for (int step = 0; step < steps && idle < 300; step++) {
                    int burst = random.nextInt(8) == 0 ? 40 : 3;
                    for (int more = random.nextInt(burst); more > 0 && written < toWrite.size(); more--) {
                        toWrite.get(written++).run();
                    }
                    if (random.nextInt(8) == 0) {
                        reader.catchUp(random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(1));
                    }
                    Optional<RewardedGroup> group = reader.next(Duration.ZERO);
                    group.ifPresent(sinceStored::add);
                    idle = group.isPresent() || written < toWrite.size() ? 0 : idle + 1;
                    if (random.nextInt(4) == 0) {
                        kept.addAll(sinceStored);
                        sinceStored.clear();
                        position = Optional.of(
                                GroupPosition.fromJson(reader.position().toJson()));
                    }
                }
                if (!dies) {
                    kept.addAll(sinceStored);
                    position = Optional.of(reader.position());
                    done = true;
                }
            }
        }

        // Then
        assertThat(kept)
                .as("seed %d", seed)
                .extracting(RewardedGroup::id)
                .containsExactlyInAnyOrderElementsOf(wanted.keySet());
        for (RewardedGroup group : kept) {
            wanted.get(group.id())
                    .judged()
                    .forEach(
                            (index, response) -> assertThat(group.rollout(index).map(Rollout::getResponse))
                                    .as("rollout %d of %s, seed %d", index, group.id(), seed)
                                    .hasValue(response));
        }
        orderByPartition.forEach((partition, order) -> assertThat(
                        kept.stream().map(RewardedGroup::id).filter(order::contains))
                .as("seed %d", seed)
                .containsExactlyElementsOf(order));
        assertNothingIsHeldBack(topics, position.orElseThrow(), seed);
    }

    /** Late and repeated rollouts of groups that are over leave nothing behind. */
    private static void assertNothingIsHeldBack(FakeTopics topics, GroupPosition position, long seed) {
        assertThat(position.waiting()).as("seed %d", seed).isEmpty();
        assertThat(position.rollouts()).as("seed %d", seed).isEqualTo(position.rolloutsRead());
        topics.ends.forEach((partition, end) -> assertThat(
                        partition.topic().equals(topics.topics.rewards()) ? position.rewards() : position.rollouts())
                .as("seed %d", seed)
                .containsEntry(partition.partition(), end));
    }

    private List<Story> stories(Random random, FakeTopics topics) {
        List<Story> stories = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            String job = random.nextInt(5) == 0 ? (random.nextBoolean() ? "other" : "job2") : FakeTopics.JOB;
            // Attempts of a query are groups of their own that share a key.
            stories.add(story(random, topics, new GroupId(job, "g" + i / 2, i % 2)));
        }
        return stories;
    }

    private Story story(Random random, FakeTopics topics, GroupId id) {
        int size = 1 + random.nextInt(4);
        boolean hinted = random.nextInt(8) == 0;
        boolean deleted = random.nextInt(10) == 0;
        Map<Integer, String> judged = new HashMap<>();
        List<MemberStatus> statuses = new ArrayList<>();
        List<Runnable> events = new ArrayList<>();
        List<Runnable> late = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            String response = id + ":" + index;
            Rollout.Builder builder = Rollout.newBuilder(Given.rollout(id, index, size, response));
            Rollout rollout = hinted ? builder.setHint(1).build() : builder.build();
            Rollout repeated =
                    Rollout.newBuilder(rollout).setResponse("repeated").build();
            int fate = random.nextInt(10);
            if (fate == 0) {
                statuses.add(MemberStatus.MISSING);
                late.add(() -> topics.write(rollout));
            } else if (fate == 1) {
                statuses.add(MemberStatus.REJECTED);
                events.add(() ->
                        topics.write(topics.topics.rollouts(), Keys.of(id.jobId(), id.groupId()), new byte[] {7}, 0));
            } else {
                statuses.add(random.nextInt(6) == 0 ? MemberStatus.UNSCORED : MemberStatus.SCORED);
                if (!deleted) {
                    judged.put(index, response);
                    events.add(() -> topics.write(rollout));
                    if (random.nextInt(6) == 0) {
                        events.add(() -> topics.write(repeated));
                    }
                }
            }
            if (random.nextInt(6) == 0) {
                late.add(() -> topics.write(repeated));
            }
        }
        Story story = new Story(id, hinted, judged, events);
        if (id.jobId().equals(FakeTopics.JOB) && !hinted) {
            wanted.put(id, story);
        }
        events.add(() -> {
            String partition = topics.partition(topics.topics.rewards(), Keys.of(id.jobId(), id.groupId()))
                    .toString();
            topics.write(Given.reward(id, statuses, random.nextInt(1000), hinted));
            if (wanted.containsKey(id)) {
                orderByPartition
                        .computeIfAbsent(partition, any -> new ArrayList<>())
                        .add(id);
            }
        });
        events.addAll(late);
        return story;
    }

    /** In an order in which they may stand: each story in its own. */
    private static List<Runnable> interleaved(List<Story> stories, Random random) {
        List<Story> turns = new ArrayList<>();
        stories.forEach(story -> turns.addAll(Collections.nCopies(story.events().size(), story)));
        Collections.shuffle(turns, random);
        Map<Story, Integer> next = new HashMap<>();
        Set<GroupId> seen = new HashSet<>();
        List<Runnable> all = new ArrayList<>();
        for (Story story : turns) {
            seen.add(story.id());
            all.add(story.events().get(next.merge(story, 1, Integer::sum) - 1));
        }
        assertThat(seen).hasSize(stories.size());
        return all;
    }
}
