/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.kritik.schema.Critique;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.SampleVote;

/** The critiques behind a reward. */
final class Critiques {

    /** They are on the topic before the reward that they led to. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Function<Duration, List<Critique>> topic;
    private final List<Critique> read = new ArrayList<>();

    /** @param topic the next critiques, waiting at most so long */
    Critiques(Function<Duration, List<Critique>> topic) {
        this.topic = topic;
    }

    /** The first one whose scores count in the reward, else the first one that there is; empty if none comes. */
    Optional<Critique> shown(GroupReward reward) {
        Optional<SampleVote> vote = reward.getVotes().stream()
                .filter(one -> one.getScores().stream().anyMatch(score -> score.getKept()))
                .findFirst()
                .or(() -> reward.getVotes().stream().findFirst());
        return vote.flatMap(one -> find(reward, one));
    }

    private Optional<Critique> find(GroupReward reward, SampleVote vote) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Critique> found = read.stream()
                    .filter(critique -> critique.getJobId().equals(reward.getJobId())
                            && critique.getGroupId().equals(reward.getGroupId())
                            && critique.getPanel() == vote.getPanel()
                            && critique.getSample() == vote.getSample())
                    .findFirst();
            if (found.isPresent() || System.nanoTime() > end) {
                return found;
            }
            read.addAll(topic.apply(POLL));
        }
    }
}
