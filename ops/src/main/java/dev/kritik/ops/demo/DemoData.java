/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import dev.kritik.ops.eval.EvalData;
import dev.kritik.ops.eval.EvalQuery;
import dev.kritik.ops.judge.RecordedTexts;
import dev.kritik.ops.rollouts.Defaults;
import dev.kritik.stream.core.adaptive.Goal;

/** What the demo shows: micro-tasks for a model; and queries with responses and critiques, all written for it. */
final class DemoData {

    /** Samples that are on record for each query. */
    static final int SAMPLES = 4;

    /** Of these, how many the recorded Meta RM's filter keeps. */
    static final int KEPT = 2;

    /** Samples of each micro-task, which a model judges. */
    static final int MODEL_SAMPLES = 8;

    /** All of them: what the filter does is to be seen. */
    private static final String FIXED = Goal.FIXED.text();

    private DemoData() {}

    /** Micro-tasks, whose best response can be told by a program, as members of a job. */
    static List<EvalQuery> microTasks(String jobId) throws IOException {
        return microTasks(new Defaults(jobId, MODEL_SAMPLES, null, null, null, FIXED));
    }

    /** The same under other settings. */
    static List<EvalQuery> microTasks(Defaults settings) throws IOException {
        try (InputStream in = open("micro-tasks.jsonl")) {
            return EvalData.stream("demo/micro-tasks.jsonl", in, settings, Long.MAX_VALUE);
        }
    }

    /** The queries as members of a job. */
    static List<EvalQuery> queries(String jobId) throws IOException {
        try (InputStream in = open("queries.jsonl")) {
            return EvalData.stream(
                    "demo/queries.jsonl", in, new Defaults(jobId, SAMPLES, KEPT, null, null, FIXED), Long.MAX_VALUE);
        }
    }

    /** The critiques and their Meta RM logits. */
    static RecordedTexts critiques() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(open("critiques.jsonl"), StandardCharsets.UTF_8))) {
            return RecordedTexts.read("demo/critiques.jsonl", lines);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(DemoData.class.getResourceAsStream("/demo/" + name), name);
    }
}
