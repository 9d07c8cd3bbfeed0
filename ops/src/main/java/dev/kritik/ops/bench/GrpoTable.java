/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.kritik.ops.bench.GrpoCourse.Decoding;

/**
 * The figures of {@link GrpoBench}: for people in Markdown, for programs as objects.
 */
record GrpoTable(GrpoPair pair) {

    private static final String JUDGE = "judge";
    private static final String GOLD = "known answers";
    private static final String NONE = "none to tell";

    private static final String HEAD = """
            | rewards from | responses | steps | minutes | right at the start | at the end | mean of the last | points gained |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
            """;

    /** The table, and what follows from it. */
    String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Decoding decoding : Decoding.values()) {
            text.append(row(JUDGE, pair.judged(), decoding)).append(row(GOLD, pair.gold(), decoding));
        }
        text.append('\n');
        for (Decoding decoding : Decoding.values()) {
            text.append("- Share of the gain with known answers that the judge's rewards reach, ")
                    .append(word(decoding))
                    .append(": ")
                    .append(shares(decoding))
                    .append(".\n");
        }
        text.append("- Correlation of rewards and right answers (sampled) over the evaluations: ")
                .append(correlation(JUDGE, pair.judged()))
                .append(", ")
                .append(correlation(GOLD, pair.gold()))
                .append(".\n");
        text.append(String.format(
                Locale.ROOT,
                "- Alarms (rewards up, right answers down): %d of %d evaluations with the judge, %d of %d with known"
                        + " answers.%n",
                pair.judged().alarms(),
                pair.judged().points().size() - 1,
                pair.gold().alarms(),
                pair.gold().points().size() - 1));
        pair.heldOut()
                .ifPresent(count -> text.append(
                        String.format(Locale.ROOT, "- ± is the standard error over %d held-out queries.%n", count)));
        return text.toString();
    }

    private String row(String rewards, GrpoCourse course, Decoding decoding) {
        double start = course.start().right(decoding);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.1f | %s | %s | %s (%d) | %+.1f |%n",
                rewards,
                word(decoding),
                course.end().step(),
                course.end().minutes(),
                share(start),
                share(course.end().right(decoding)),
                percent(course.late(decoding)),
                course.lastCount(),
                100 * course.gain(course.end(), decoding));
    }

    private String share(double right) {
        return pair.heldOut().isEmpty()
                ? percent(right)
                : String.format(Locale.ROOT, "%s ± %.1f", percent(right), 100 * pair.error(right));
    }

    private String shares(Decoding decoding) {
        List<String> parts = new ArrayList<>();
        pair.lastSame()
                .ifPresent(same -> parts.add(of(pair.share(same, decoding)) + " after step "
                        + same.judged().step() + " of both"));
        if (pair.judged().end().step() != pair.gold().end().step()) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%s at the ends (step %d with the judge, %d with known answers)",
                    of(pair.shareAtTheEnds(decoding)),
                    pair.judged().end().step(),
                    pair.gold().end().step()));
        }
        parts.add(of(pair.shareLate(decoding)) + " by the means of the last evaluations");
        boolean gained = parts.stream().anyMatch(part -> !part.startsWith(NONE));
        return gained
                ? String.join("; ", parts)
                : NONE + ", for known answers gained nothing, or no more than chance explains";
    }

    private static String of(OptionalDouble share) {
        return share.isPresent() ? String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble()) : NONE;
    }

    private static String correlation(String name, GrpoCourse course) {
        OptionalDouble value = course.correlation();
        return name + " "
                + (value.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%.2f (%d evaluations)",
                                value.getAsDouble(),
                                course.points().size() - 1)
                        : NONE + " (fewer than three evaluations, or always the same)");
    }

    private static String word(Decoding decoding) {
        return decoding.name().toLowerCase(Locale.ROOT);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    // ---- For programs
    // ----------------------------------------------------------------------------------------------------

    /** An object for each run, and one for the comparison. What can't be told is null. */
    List<Map<String, Object>> objects() {
        return List.of(run("judge", pair.judged()), run("gold", pair.gold()), comparison());
    }

    private static Map<String, Object> run(String rewards, GrpoCourse course) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rewards", rewards);
        values.put("steps", course.end().step());
        values.put("minutes", course.end().minutes());
        values.put("evaluations", course.points().size() - 1);
        for (Decoding decoding : Decoding.values()) {
            Map<String, Object> right = new LinkedHashMap<>();
            right.put("start", course.start().right(decoding));
            right.put("end", course.end().right(decoding));
            right.put("mean_of_last", course.late(decoding));
            right.put("points_gained", 100 * course.gain(course.end(), decoding));
            values.put(word(decoding), right);
        }
        values.put("reward_correlation", orNull(course.correlation()));
        values.put("alarms", course.alarms());
        return values;
    }

    private Map<String, Object> comparison() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(
                "same_step", pair.lastSame().map(same -> same.judged().step()).orElse(null));
        OptionalLong heldOut = pair.heldOut();
        Map<String, Object> shares = new LinkedHashMap<>();
        for (Decoding decoding : Decoding.values()) {
            Map<String, Object> share = new LinkedHashMap<>();
            share.put(
                    "at_same_step",
                    pair.lastSame()
                            .map(same -> orNull(pair.share(same, decoding)))
                            .orElse(null));
            share.put("at_the_ends", orNull(pair.shareAtTheEnds(decoding)));
            share.put("by_means_of_last", orNull(pair.shareLate(decoding)));
            shares.put(word(decoding), share);
        }
        values.put("share_of_gold_gain", shares);
        values.put("held_out_queries", heldOut.isPresent() ? heldOut.getAsLong() : null);
        return values;
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
