/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.kritik.ops.bench.GrpoCourse.Decoding;
import dev.kritik.ops.bench.GrpoCourse.Point;

/**
 * The same training twice: with a judge's rewards, and with rewards by known answers, the most that a judge could give.
 *
 * @param judged by the judge
 * @param gold by known answers
 * @param heldOut queries of an evaluation, where it is known
 */
record GrpoPair(GrpoCourse judged, GrpoCourse gold, OptionalLong heldOut) {

    /** Standard errors that a gain must exceed for a share of it to mean anything. */
    private static final double SIGMAS = 2;

    /**
     * Evaluations of both after the same step.
     *
     * @param judged by the judge
     * @param gold by known answers
     */
    record Same(Point judged, Point gold) {}

    /** The last step after which both were evaluated; empty if there is none but the start. */
    Optional<Same> lastSame() {
        return judged.points().stream()
                .filter(point -> point.step() > 0)
                .sorted(Comparator.comparingInt(Point::step).reversed())
                .flatMap(point -> gold.points().stream()
                        .filter(other -> other.step() == point.step())
                        .map(other -> new Same(point, other)))
                .findFirst();
    }

    /**
     * How much of the gain with known answers the judge's rewards reach; empty where known answers gained nothing, or no more
     * than chance explains.
     */
    OptionalDouble share(Same same, Decoding decoding) {
        return share(same.judged().right(decoding), same.gold().right(decoding), decoding);
    }

    /** The same at the last evaluation of each, whatever its step. */
    OptionalDouble shareAtTheEnds(Decoding decoding) {
        return share(new Same(judged.end(), gold.end()), decoding);
    }

    /** The same by the means of the last evaluations of each. */
    OptionalDouble shareLate(Decoding decoding) {
        return share(judged.late(decoding), gold.late(decoding), decoding);
    }

    private OptionalDouble share(double judgedRight, double goldRight, Decoding decoding) {
        double before = gold.start().right(decoding);
        double gained = goldRight - before;
        // As if the two samples were independent. They are of the same queries, which makes true differences rather
        // clearer.
        return gained > SIGMAS * Math.hypot(error(before), error(goldRight))
                ? OptionalDouble.of((judgedRight - judged.start().right(decoding)) / gained)
                : OptionalDouble.empty();
    }

    /** The standard error of a share of right answers; 0 where it is not known how many there were. */
    double error(double right) {
        return heldOut.isEmpty() ? 0 : Math.sqrt(right * (1 - right) / heldOut.getAsLong());
    }
}
