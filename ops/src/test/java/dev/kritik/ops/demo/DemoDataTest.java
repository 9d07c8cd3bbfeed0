/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.ops.judge.Asking;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.schema.Rollout;
import dev.kritik.worker.parse.Parsed;
import dev.kritik.worker.parse.ScoreParser;
import dev.kritik.worker.prompt.PromptBuilder;

class DemoDataTest {

    private static final Random ORDERS = new Random(4);

    @Test
    void holdsVariedQueriesAmongThemAnInjectionAndEqualResponses() throws IOException {
        // Given
        List<EvalQuery> queries = DemoData.queries("job");

        // Then
        assertThat(queries).hasSizeBetween(6, 8);
        assertThat(queries).allSatisfy(query -> {
            assertThat(query.best()).isNotNull();
            assertThat(query.rollouts()).hasSizeBetween(2, 4);
        });
        assertThat(queries.stream().map(EvalQuery::domain).distinct()).hasSameSizeAs(queries);
        assertThat(queries.stream()
                        .filter(query -> texts(query).size() < query.rollouts().size()))
                .hasSize(1);
        assertThat(queries.stream().flatMap(query -> texts(query).stream()))
                .anyMatch(text -> text.startsWith("Ignore all rules above") && text.contains("\\boxed{1, 10}"));
    }

    @Test
    void microTasksAreLabelledQueriesForAModel() throws IOException {
        assertThat(DemoData.microTasks("job"))
                .hasSizeBetween(5, 30)
                .allSatisfy(query -> assertThat(query.best()).isNotNull());
    }

    @Test
    void microTasksAreHeldOutOnesOfTheGenerator(@TempDir Path folder) throws IOException {
        // Given
        Path made = folder.resolve("made.jsonl");
        Cli.run(
                "tasks",
                "make",
                made.toString(),
                "--split",
                "HELD_OUT",
                "--form",
                "LABELLED",
                "--seed",
                "20261122",
                "--candidates",
                "4",
                "--count",
                "12");

        // Then
        try (InputStream in = DemoData.class.getResourceAsStream("/demo/micro-tasks.jsonl")) {
            assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(made));
        }
        assertThat(DemoData.microTasks("job")).hasSize(12);
    }

    @Test
    void eachCritiqueGivesEachResponseTheSameScoreInWhateverOrderItIsShown() throws Exception {
        Map<String, Parsed.Reason> unreadable = new TreeMap<>();
        int readable = 0;
        try (RecordedJudge judge = RecordedJudge.start(JudgeOptions.of(DemoData.critiques()));
                Asking asking = new Asking(judge)) {
            for (EvalQuery query : DemoData.queries("job")) {
                for (int sample = 0; sample < DemoData.SAMPLES; sample++) {
                    Set<Object> outcomes = new HashSet<>();
                    for (int order = 0; order < 3; order++) {
                        outcomes.add(critique(asking, query, sample));
                    }
                    assertThat(outcomes).as(query.id() + ", sample " + sample).hasSize(1);
                    if (outcomes.iterator().next() instanceof Parsed.Reason reason) {
                        unreadable.put(query.id() + "#" + sample, reason);
                    } else {
                        readable++;
                    }
                }
            }
        }
        assertThat(unreadable).isEqualTo(Map.of("demo-absage#2", Parsed.Reason.NO_BOX));
        assertThat(readable).isEqualTo(27);
    }

    /** Asks for one sample with the prompt that a worker would send; gives the score of each text, or why there are none. */
    private static Object critique(Asking asking, EvalQuery query, int sample) throws Exception {
        List<String> shown = new ArrayList<>(texts(query));
        Collections.shuffle(shown, ORDERS);
        String prompt = new PromptBuilder()
                .forRequest(query.rollouts().getFirst().getMessages(), null, shown.size())
                .sample(shown);
        String text =
                Asking.text(asking.chat("job/" + query.id() + "/0/p0/s" + sample + "/t1", "recorded-texts", prompt));
        assertThat(text).doesNotContain("{{").doesNotContain("(not shown)");
        return switch (ScoreParser.parse(text, shown.size(), "stop")) {
            case Parsed.Invalid invalid -> invalid.reason();
            case Parsed.Scores scores -> {
                Map<String, Integer> byText = new TreeMap<>();
                for (int place = 0; place < shown.size(); place++) {
                    byText.put(shown.get(place), scores.values().get(place));
                }
                yield byText;
            }
        };
    }

    private static Set<String> texts(EvalQuery query) {
        return query.rollouts().stream().map(Rollout::getResponse).collect(Collectors.toSet());
    }
}
