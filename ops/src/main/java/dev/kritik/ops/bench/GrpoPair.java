/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.kritik.ops.bench.GrpoCourse.Decoding;
import dev.kritik.ops.bench.GrpoCourse.Point;

/**
 * The same training twice: with a judge's rewards, and with rewards by known answers, the most that a judge could give.
 *
 * @param judged by the judge
 * @param gold by known answers
 */
record GrpoPair(GrpoCourse judged, GrpoCourse gold) {

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

    /** How much of the gain with known answers the judge's rewards reach; empty where known answers gained nothing. */
    OptionalDouble share(Same same, Decoding decoding) {
        return share(judged.gain(same.judged(), decoding), gold.gain(same.gold(), decoding));
    }

    /** The same at the last evaluation of each, whatever its step. */
    OptionalDouble shareAtTheEnds(Decoding decoding) {
        return share(new Same(judged.end(), gold.end()), decoding);
    }

    /** The same by the means of the last evaluations of each. */
    OptionalDouble shareLate(Decoding decoding) {
        return share(
                judged.late(decoding) - judged.start().right(decoding),
                gold.late(decoding) - gold.start().right(decoding));
    }

    private static OptionalDouble share(double judged, double gold) {
        return gold > 0 ? OptionalDouble.of(judged / gold) : OptionalDouble.empty();
    }
}
