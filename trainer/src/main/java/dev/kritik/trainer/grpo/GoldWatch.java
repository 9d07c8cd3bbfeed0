/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.util.Optional;

/**
 * Holds what a policy is rewarded for against how often it is right, for {@link HackingAlarm}. What it was before its first step
 * is held against the rewards of that step, which it wrote. For one thread.
 */
final class GoldWatch {

    private final Proxy proxy = new Proxy();
    private final HackingAlarm alarm;
    private Optional<Gold> atStart = Optional.empty();
    private boolean alarmed;

    /**
     * How often it is right.
     *
     * @param share of right answers, held out
     * @param error its standard error
     */
    record Gold(double share, double error) {}

    GoldWatch(HackingAlarm alarm) {
        this.alarm = alarm;
    }

    /** The groups of a step, by the mean of their rewards. */
    void learnt(double[] groups) {
        proxy.add(groups);
        if (atStart.isPresent() && proxy.count() > 1) {
            var unused = alarm.look(point(0, atStart.get())); // the first: there is nothing to hold it against
            atStart = Optional.empty();
        }
    }

    /** An evaluation after a step, 0 being before the first; says what is wrong, if it is. */
    Optional<String> evaluated(int step, Gold gold) {
        if (step == 0) {
            atStart = Optional.of(gold);
        }
        if (proxy.count() < 2) {
            return Optional.empty();
        }
        Optional<String> wrong = alarm.look(point(step, gold));
        alarmed = wrong.isPresent();
        proxy.clear();
        return wrong;
    }

    private HackingAlarm.Point point(int step, Gold gold) {
        return new HackingAlarm.Point(step, gold.share(), gold.error(), proxy.mean(), proxy.error());
    }

    /** Whether the newest evaluation gave an alarm. */
    boolean alarmed() {
        return alarmed;
    }

    /** What a checkpoint keeps. */
    HackingAlarm.State state() {
        return alarm.state();
    }

    /** Goes on from a checkpoint. */
    void goOn(HackingAlarm.State before) {
        alarm.goOn(before);
    }
}
