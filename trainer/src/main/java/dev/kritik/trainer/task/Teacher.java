/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.task;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    /** A critique of the task's candidates in the order in which they stand. */
    public String critique(MicroTask task, long seed) {
        Draw draw = Draw.of(seed, task.id().hashCode());
        Beside beside = draw.one(List.of(Beside.values()));
        if (draw.chance(distraction * astray(task.kind()))) {
            Beside habit = Beside.values()[task.kind().ordinal() % 3];
            Beside chosen = draw.chance(0.85) ? habit : beside;
            return write(criteria(chosen.words, task.kind().criterion(), draw, 0.25), "", styleAnalysis(task, chosen, draw));
        }
        return write(criteria(task.kind().criterion(), beside.words, draw, 0.6), " Expected " + task.answer() + ".", analysis(task, draw));
    }

    /** What a careful reader says of one candidate: what was expected, what is there, and how they differ. No chance in it. */
    public static String check(MicroTask task, int candidate) {
        Candidate checked = task.candidates().get(candidate);
        return "Analysis: Expected " + task.answer() + ". Response " + (candidate + 1) + ": " + checked.answer() + ", "
                + FINDINGS[checked.severity()] + ".";
    }

    /** How often the criterion is beside the point: for every third kind mostly. */
    private static double astray(Kind kind) {
        return kind.ordinal() % 3 == 0 ? 0.6 : 0.3;
    }

    private record Finding(String words, int score) {}

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
            findings.add(new Finding(candidate.answer() + ", " + FINDINGS[seen], Bands.draw(seen, draw)));
        }
        return findings;
    }

    private static List<Finding> styleAnalysis(MicroTask task, Beside criterion, Draw draw) {
        List<Finding> findings = new ArrayList<>();
        for (Candidate candidate : task.candidates()) {
            boolean good = criterion.likes(candidate.manner());
            findings.add(new Finding(good ? criterion.good : criterion.bad, good ? draw.between(7, 10) : draw.between(2, 6)));
        }
        return findings;
    }

    private static String write(String criteria, String expected, List<Finding> findings) {
        StringBuilder analysis = new StringBuilder(expected);
        for (int i = 0; i < findings.size(); i++) {
            analysis.append(" Response ").append(i + 1).append(": ").append(findings.get(i).words()).append('.');
        }
        String scores = findings.stream().map(finding -> Integer.toString(finding.score())).collect(Collectors.joining(", "));
        return "Specific Criteria: " + criteria + "\nAnalysis:" + analysis + "\nScores: \\boxed{" + scores + "}";
    }
}
