/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;

import dev.kritik.ops.judge.RecordedTag;
import dev.kritik.ops.judge.Votes;

/**
 * What is to be judged: groups of rollouts, the same for all contenders of a round.
 *
 * @param items by group and index; a group comes at once
 * @param groupSize members of each group
 */
record Work(List<Item> items, int groupSize) {

    /** The setting under which the judge has its scores on record: the model that contenders name. */
    static final String MODEL = "peers";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TEXT =
            " The trains are late in autumn since wet leaves make the rails slippery: drivers brake earlier and start"
                    + " more slowly, and each delay is handed on to the next train. Washing the rails at night, sanding"
                    + " equipment on each unit, and a timetable with some slack in October and November would help within a"
                    + " year. I am fairly sure of the first two, and less sure of the third, for it depends on the line.";

    /**
     * Makes it up; the same arguments give the same work.
     *
     * @param groups how many, at least 1
     * @param groupsPerSecond at which mean rate groups come, by chance (a Poisson process); 0: all at once
     */
    static Work of(int groups, int groupSize, double groupsPerSecond, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Item> items = new ArrayList<>();
        double at = 0;
        for (int group = 0; group < groups; group++) {
            String query = "q" + group;
            for (int index = 0; index < groupSize; index++) {
                items.add(new Item(
                        query + "/" + index,
                        group,
                        index,
                        "Why are the trains late in autumn, and what can be done within a year? Question " + group
                                + ".",
                        new RecordedTag(query, index).text() + TEXT,
                        1 + random.nextInt(10),
                        at));
            }
            if (groupsPerSecond > 0) {
                at += -Math.log(1 - random.nextDouble()) / groupsPerSecond;
            }
        }
        return new Work(List.copyOf(items), groupSize);
    }

    /** How many groups there are. */
    int groups() {
        return items.size() / groupSize;
    }

    /** The members of a group. */
    List<Item> group(int number) {
        return items.subList(number * groupSize, (number + 1) * groupSize);
    }

    /** What the judge has on record: a score for each rollout. */
    Votes votes() {
        SequencedMap<String, Votes.Query> queries = new LinkedHashMap<>();
        for (int number = 0; number < groups(); number++) {
            Integer[][] scores = group(number).stream()
                    .map(item -> new Integer[] {item.expected()})
                    .toArray(Integer[][]::new);
            String query = "q" + number;
            queries.put(
                    query,
                    new Votes.Query(query, MODEL, groupSize, 0, Map.of(MODEL, new Votes.Setting(scores, null, null))));
        }
        return new Votes(queries);
    }

    /** Writes it for contenders, one JSON object a line, without the scores. */
    void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Item item : items) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("id", item.id());
                line.put("prompt", item.prompt());
                line.put("response", item.response());
                line.put("at_s", item.atSeconds());
                out.write(JSON.writeValueAsString(line));
                out.newLine();
            }
        }
    }
}
