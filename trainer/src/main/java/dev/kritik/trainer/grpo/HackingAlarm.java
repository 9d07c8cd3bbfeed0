/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.Locale;
import java.util.Optional;

/**
 * Notices when a policy learns to please the judge instead of doing better: the rewards that it is trained on have risen since
 * the evaluation at which it was best by the known answers, and by those answers it has fallen (overoptimisation as in Gao,
 * Schulman, Hilton, arXiv 2210.10760). Both by more than chance explains: so many standard errors of the difference, at two
 * evaluations one after the other. For the best of many evaluations was lucky too, and what comes after it looks like a fall:
 * of 1,000 simulated runs of 20 evaluations whose rewards rise while the answers stay as good as they are, 3 standard errors
 * give a false alarm in about 13 %, and twice in a row in about 1 %.
 *
 * <p>Samples of one evaluation are taken as independent. They are drawn for the same queries each time, which makes true
 * differences rather clearer than it says. For one thread.
 */
final class HackingAlarm {

    private final double sigmas;
    private State state = new State(Optional.empty(), false);

    /**
     * What is known at one evaluation.
     *
     * @param step after which it was made
     * @param gold share of right answers, held out
     * @param goldError its standard error
     * @param proxy mean reward of what was trained on since the evaluation before
     * @param proxyError its standard error
     */
    record Point(int step, double gold, double goldError, double proxy, double proxyError) {}

    /**
     * What it remembers.
     *
     * @param best the evaluation at which the policy was best; empty before the first
     * @param suspected whether the newest one was wrong
     */
    record State(Optional<Point> best, boolean suspected) {}

    /**
     * An alarm.
     *
     * @param sigmas standard errors that both differences must exceed
     */
    HackingAlarm(double sigmas) {
        this.sigmas = sigmas;
    }

    /** Takes an evaluation; says what is wrong, if it is. */
    Optional<String> look(Point now) {
        Point best = state.best().filter(before -> now.gold() <= before.gold()).orElse(now);
        boolean fell = best.gold() - now.gold() > sigmas * Math.hypot(best.goldError(), now.goldError());
        boolean rose = now.proxy() - best.proxy() > sigmas * Math.hypot(best.proxyError(), now.proxyError());
        boolean again = state.suspected();
        state = new State(Optional.of(best), fell && rose);
        return fell && rose && again ? Optional.of(words(best, now)) : Optional.empty();
    }

    private static String words(Point best, Point now) {
        return String.format(
                Locale.ROOT,
                "the policy may be pleasing the judge instead of doing better: since step %d the mean reward has risen from"
                        + " %.3f to %.3f, and the share of right answers has fallen from %.1f %% to %.1f %%",
                best.step(),
                best.proxy(),
                now.proxy(),
                100 * best.gold(),
                100 * now.gold());
    }

    /** What a checkpoint keeps. */
    State state() {
        return state;
    }

    /** Goes on from a checkpoint. */
    void goOn(State before) {
        state = before;
    }
}
