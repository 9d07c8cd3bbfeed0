/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes criteria, analysis and scores from what is known of the candidates, and does so badly on purpose: it starts models
 * that are to learn the form and most of the matter, and leaves them room to become better than it.
 *
 * <p>Its faults: often it takes a criterion that is beside the point (tone, length), and for some kinds of tasks it does so
 * mostly; it overlooks faults and sees some where there are none; it is unsure of the band.
 */
public final class Teacher {

    /** A criterion that is beside the point, and the manners that it likes. */
    private enum Beside {
        TONE("friendly tone", "friendly", "cold", Manner.POLITE, Manner.PROUD),
        DETAIL("detailed wording", "detailed", "thin", Manner.WORDY, Manner.POLITE),
        BREVITY("short wording", "short", "long", Manner.PLAIN, Manner.PLAIN);

        private final String words;
        private final String good;
        private final String bad;
        private final Manner liked;
        private final Manner alsoLiked;

        Beside(String words, String good, String bad, Manner liked, Manner alsoLiked) {
            this.words = words;
            this.good = good;
            this.bad = bad;
            this.liked = liked;
            this.alsoLiked = alsoLiked;
        }

        boolean likes(Manner manner) {
            return manner == liked || manner == alsoLiked;
        }
    }

    private static final String[] FINDINGS = {"no fault", "small fault", "clear faults", "quite wrong"};

    /** Chance that one candidate is seen wrongly. */
    private final double blindness;

    /** How much of its usual tendency to take criteria that are beside the point: 0 none, 1 all. */
    private final double distraction;

    /** The usual teacher. */
    public Teacher() {
        this(0.12, 1);
    }

    public Teacher(double blindness, double distraction) {
        this.blindness = blindness;
        this.distraction = distraction;
    }

    /** A critique of the task's candidates in the order in which they stand, with scores. */
    public String critique(MicroTask task, long seed) {
        Judgement judgement = judge(task, seed);
        String scores = judgement.findings().stream()
                .map(finding -> Integer.toString(finding.score()))
                .collect(Collectors.joining(", "));
        return judgement.text() + "\nScores: \\boxed{" + scores + "}";
    }

    /** A critique without scores: what the semi-scalar paradigm's head reads. */
    public String criticism(MicroTask task, long seed) {
        return judge(task, seed).text();
    }

    /** A critique of two candidates, with the number of the better one; the first where both seem equally good. */
    public String preference(MicroTask task, long seed) {
        Judgement judgement = judge(task, seed);
        List<Finding> findings = judgement.findings();
        int better = findings.get(1).score() > findings.get(0).score() ? 2 : 1;
        return judgement.text() + "\nBetter: \\boxed{" + better + "}";
    }

    private Judgement judge(MicroTask task, long seed) {
        Draw draw = Draw.of(seed, task.id().hashCode());
        Beside beside = draw.one(List.of(Beside.values()));
        if (draw.chance(distraction * astray(task.kind()))) {
            Beside chosen = draw.chance(0.85) ? habit(task.kind()) : beside;
            String criteria = criteria(chosen.words, task.kind().criterion(), draw, 0.25);
            return new Judgement(criteria, "", styleAnalysis(task, chosen, draw));
        }
        String criteria = criteria(task.kind().criterion(), beside.words, draw, 0.6);
        return new Judgement(criteria, expected(task), analysis(task, draw));
    }

    /** What a careful reader says: what was expected, what is there, and how they differ. No chance in it, and no scores. */
    public static String check(MicroTask task) {
        return "Analysis:" + expected(task)
                + numbered(task.candidates().stream()
                        .map(candidate -> finding(candidate, candidate.severity()))
                        .toList());
    }

    /** How often the criterion is beside the point: for some kinds mostly. */
    private static double astray(Kind kind) {
        return switch (kind) {
            case COPY, COUNT, ADD, COMMAS -> 0.6;
            default -> 0.3;
        };
    }

    /** The criterion beside the point that it likes to take for a kind. */
    private static Beside habit(Kind kind) {
        return switch (kind) {
            case COPY, LETTERS, LARGEST, CAPITALS -> Beside.TONE;
            case REVERSE, COUNT, EVEN, FIRST -> Beside.DETAIL;
            case SORT, ADD, REPLACE, COMMAS -> Beside.BREVITY;
        };
    }

    private record Finding(String words, int score) {}

    private record Judgement(String criteria, String expected, List<Finding> findings) {
        String text() {
            return "Specific Criteria: " + criteria + "\nAnalysis:" + expected
                    + numbered(findings.stream().map(Finding::words).toList());
        }
    }

    private static String criteria(String first, String second, Draw draw, double both) {
        if (!draw.chance(both)) {
            return first + " (100%)";
        }
        int weight = draw.between(6, 9);
        return first + " (" + weight + "0%), " + second + " (" + (10 - weight) + "0%)";
    }

    private List<Finding> analysis(MicroTask task, Draw draw) {
        List<Finding> findings = new ArrayList<>();
        for (Candidate candidate : task.candidates()) {
            int seen = candidate.severity();
            if (draw.chance(blindness)) {
                seen = draw.between(0, 3);
            }
            findings.add(new Finding(finding(candidate, seen), Bands.draw(seen, draw)));
        }
        return findings;
    }

    private static String finding(Candidate candidate, int severity) {
        return candidate.answer() + ", " + FINDINGS[severity];
    }

    private static List<Finding> styleAnalysis(MicroTask task, Beside criterion, Draw draw) {
        List<Finding> findings = new ArrayList<>();
        for (Candidate candidate : task.candidates()) {
            boolean good = criterion.likes(candidate.manner());
            findings.add(new Finding(
                    good ? criterion.good : criterion.bad, good ? draw.between(7, 10) : draw.between(2, 6)));
        }
        return findings;
    }

    private static String expected(MicroTask task) {
        return " Expected " + task.answer() + ".";
    }

    private static String numbered(List<String> findings) {
        return IntStream.range(0, findings.size())
                .mapToObj(i -> " Response " + (i + 1) + ": " + findings.get(i) + ".")
                .collect(Collectors.joining());
    }
}
