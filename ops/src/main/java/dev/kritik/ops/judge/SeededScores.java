/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers any prompt with scores that are drawn by chance: for tests and measurements of everything but the judgement.
 * The same question gets the same scores.
 */
public final class SeededScores implements Recording {

    /** The model that a request names. */
    public static final String MODEL = "seeded-scores";

    private static final Pattern RESPONSE =
            Pattern.compile("^<<<BEGIN RESPONSE \\d+ ([0-9a-f]+)>>>$", Pattern.MULTILINE);

    @Override
    public String about() {
        return "scores drawn by chance, for any prompt";
    }

    @Override
    public List<String> models() {
        return List.of(MODEL);
    }

    @Override
    public Answer critique(Question question) {
        int responses = responses(question.prompt());
        if (responses == 0) {
            return new Refusal(400, "no response between Kritik's markers stands in the prompt");
        }
        Draws draws = Draws.of(question.seed(), question.model(), 0);
        String scores = IntStream.range(0, responses)
                .mapToObj(place -> Integer.toString(1 + (int) (draws.uniform(place) * 10)))
                .collect(Collectors.joining(", "));
        String text = "Specific Criteria: none.\nAnalysis: scores drawn by chance; nothing was read.\nScores: \\boxed{"
                + scores + "}";
        return new Text(text, "stop", (long) question.prompt().length() / 4, (long) text.length() / 4);
    }

    @Override
    public Answer logit(Question question) {
        return new Logit(Draws.of(question.seed(), question.prompt(), 0).uniform(0) * 4 - 2);
    }

    /** Responses with true markers: those that carry the code of the last one, which stands behind all material. */
    private static int responses(String prompt) {
        List<String> codes =
                RESPONSE.matcher(prompt).results().map(found -> found.group(1)).toList();
        return codes.isEmpty()
                ? 0
                : (int) codes.stream().filter(codes.getLast()::equals).count();
    }
}
