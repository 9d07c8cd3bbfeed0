/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a finished run says of its groups, held against what stands on the topics: each group that was published has exactly
 * one fate or is still under way, none is lost, and all counts agree.
 */
final class GrpoAccounts {

    private static final List<String> FATES = List.of("trained", "flat", "unrewarded", "stale", "unusable", "lost");

    private GrpoAccounts() {}

    /**
     * Looks at a run.
     *
     * @param steps that it was to take
     * @param size members of each group
     * @return groups by fate, and those that are published and under way
     */
    static Map<String, Long> check(GrpoRun run, Client client, int steps, int size) throws IOException {
        JsonNode job = run.json("prepared/job.json");
        String ours = job.get("job").textValue() + "/" + job.get("run").textValue() + "-";
        Set<String> published = published(client, ours, size);
        assertThat(run.lines("metrics.jsonl"))
                .extracting(line -> line.get("step").intValue())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, steps).boxed().toList());

        Map<String, Long> counted = new TreeMap<>();
        FATES.forEach(fate -> counted.put(fate, 0L));
        List<String> told = new ArrayList<>();
        for (JsonNode line : run.lines("groups.jsonl")) {
            String fate = line.get("fate").textValue();
            counted.merge(fate, line.path("count").asLong(1), Long::sum);
            if (!fate.equals("lost")) {
                told.add(ours.substring(0, ours.indexOf('/') + 1)
                        + line.get("group").textValue() + "/"
                        + line.get("attempt").intValue());
            }
        }
        assertThat(told).as("each group stands in groups.jsonl once").doesNotHaveDuplicates();
        assertThat(without(told, published)).as("groups that nobody published").isEmpty();
        assertThat(counted).as("nothing is lost").containsEntry("lost", 0L);
        long underWay = without(published, told).size();

        JsonNode last = run.lines("metrics.jsonl").getLast();
        assertThat(last.get("published").longValue()).as("published").isEqualTo(published.size());
        assertThat(last.get("under_way").longValue()).as("under way").isEqualTo(underWay);
        JsonNode progress = run.json(String.format("checkpoints/step-%06d/progress.json", steps));
        assertThat(progress.get("published").longValue()).as("published").isEqualTo(published.size());
        counted.forEach((fate, count) -> {
            assertThat(last.get(fate).longValue())
                    .as(fate + " in metrics.jsonl")
                    .isEqualTo(count);
            assertThat(progress.get("groups").path(fate).asLong(0))
                    .as(fate + " in the checkpoint")
                    .isEqualTo(count);
        });
        counted.put("published", (long) published.size());
        counted.put("under way", underWay);
        return counted;
    }

    /** The groups of a run on the topic of rollouts, all of them whole and there once. */
    private static Set<String> published(Client client, String ours, int size) {
        Map<String, List<Integer>> groups = new TreeMap<>(client.rollouts());
        groups.keySet().removeIf(group -> !group.startsWith(ours));
        List<Integer> whole = IntStream.range(0, size).boxed().toList();
        assertThat(groups.entrySet())
                .as("groups that are not there whole and once")
                .filteredOn(
                        group -> !group.getValue().stream().sorted().toList().equals(whole))
                .isEmpty();
        return groups.keySet();
    }

    private static Set<String> without(Iterable<String> these, Iterable<String> those) {
        Set<String> left = new HashSet<>();
        these.forEach(left::add);
        those.forEach(left::remove);
        return left;
    }
}
