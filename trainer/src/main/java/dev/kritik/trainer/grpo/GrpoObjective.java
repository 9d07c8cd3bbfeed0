/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import dev.kritik.client.GroupPosition;
import dev.kritik.client.GroupSource;
import dev.kritik.client.RewardedGroup;
import dev.kritik.lm.train.RlSequence;
import dev.kritik.trainer.rl.GrpoUpdate;
import dev.kritik.trainer.rl.RlTotals;
import dev.kritik.trainer.run.Evaluation;
import dev.kritik.trainer.run.Objective;
import dev.kritik.trainer.run.TrainException;
import dev.kritik.trainer.run.TrainListener;

/**
 * Steps of GRPO on groups that come back with rewards, while the next ones are being written and judged. A step takes groups
 * in the order in which they ended until it has enough; the checkpoint of a step stands behind the last of them, so that
 * whoever goes on from it takes each group exactly once.
 */
final class GrpoObjective implements Objective, AutoCloseable {

    /** Short, so that it is seen whether the generator is at work meanwhile. */
    private static final Duration SLICE = Duration.ofMillis(50);

    private static final Duration SAY = Duration.ofSeconds(30);

    /** So many times the groups of a step, and still not enough of them of use: worth a word. */
    private static final int MANY = 8;

    private final GrpoConfig config;
    private final int perStep;
    private final Tools tools;
    private final Progress start;

    private GroupSource source;
    private GroupPosition position;
    private int done;
    private List<Settled> ready = List.of();
    private final Waited waited = new Waited(System::nanoTime);
    private final Pace pace = new Pace(System::nanoTime);
    private final GoldWatch watch;

    /** What steps work with; nothing of it is closed here. */
    record Tools(
            Policy policy,
            Exchange exchange,
            Numbering numbering,
            Flow flow,
            RolloutGenerator generator,
            GrpoUpdate update,
            Ledger ledger,
            Optional<GoldEvaluation> evaluation,
            TrainListener listener) {}

    /**
     * An objective.
     *
     * @param perStep groups of a step
     * @param start where reading begins if nothing was done before
     */
    GrpoObjective(GrpoConfig config, int perStep, Tools tools, GroupPosition start) {
        this.config = config;
        this.perStep = perStep;
        this.tools = tools;
        this.start = new Progress(0, 0, Map.of(), start, new HackingAlarm.State(Optional.empty(), false));
        this.position = start;
        this.watch = new GoldWatch(new HackingAlarm(config.alarm().sigmas()));
    }

    // ---- Where it goes on
    // ----------------------------------------------------------------------------------------------

    @Override
    public Optional<String> state() {
        tools.ledger().force();
        return Optional.of(
                new Progress(done, tools.flow().published(), tools.ledger().counts(), position, watch.state())
                        .toJson());
    }

    @Override
    public void restore(String state) {
        begin(Progress.fromJson(state));
    }

    /** Reads on from there, and has the generator go on behind the last group that was published. */
    private void begin(Progress from) {
        done = from.step();
        position = from.position();
        watch.goOn(from.alarm());
        tools.policy().is(done);
        tools.ledger().goOn(done, from.counts());
        source = tools.exchange().read(from.position());
        int waiting =
                (int) source.waiting().stream().filter(tools.numbering()::owns).count();
        long next = Math.max(from.published(), tools.numbering().behind(source.waiting()));
        long lost = next - tools.ledger().settled() - waiting;
        if (lost > 0) {
            tools.listener()
                    .warning(lost + " groups that were published before are neither settled nor on the topic any more;"
                            + " they are counted as lost");
            tools.ledger().lost(done + 1, lost);
        }
        if (next > 0) {
            tools.listener()
                    .note(next + " groups were published before, "
                            + tools.ledger().settled() + " of them are settled, " + waiting + " are under way");
        }
        tools.flow().goOn(next, tools.ledger().settled(), done);
        pace.begin();
        tools.generator().start(next);
    }

    // ---- Waiting for groups
    // --------------------------------------------------------------------------------------------

    @Override
    public boolean ready(int step, BooleanSupplier stop) {
        if (source == null) {
            begin(start);
        }
        if (watch.alarmed() && config.alarm().stops()) {
            return false;
        }
        List<Settled> taken = new ArrayList<>();
        int enough = 0;
        waited.begin();
        while (enough < perStep) {
            if (stop.getAsBoolean()) {
                return false;
            }
            boolean generating = tools.generator().busy();
            Optional<RewardedGroup> next = source.next(SLICE);
            tools.generator().check();
            waited.slice(generating);
            if (next.isEmpty()) {
                beWary(taken);
            } else if (tools.numbering().owns(next.get().id())) {
                waited.came();
                Settled settled = Settled.of(next.get(), done, config.staleness(), config.maskTruncated());
                taken.add(settled);
                if (settled.fate() == Fate.TRAINED || (settled.judged() && !config.fill())) {
                    enough++;
                } else {
                    tools.flow().dropped();
                }
                if (taken.size() % (MANY * perStep) == 0) {
                    warnOfMany(step, taken, enough);
                }
            }
        }
        ready = taken;
        position = source.position();
        return true;
    }

    /** Where next to nothing can be learnt from, a step takes for ever, and somebody should know. */
    private void warnOfMany(int step, List<Settled> taken, int enough) {
        Map<String, Long> fates = taken.stream()
                .collect(Collectors.groupingBy(settled -> settled.fate().label(), TreeMap::new, Collectors.counting()));
        tools.listener()
                .warning("step " + step + " has taken " + taken.size() + " groups, and only " + enough + " of the "
                        + perStep + " that it needs are of use: " + fates
                        + ". Look at the judge, at grpo.max.tokens, and at how hard the queries are");
    }

    private void beWary(List<Settled> taken) {
        Duration silent = waited.silence();
        if (silent.compareTo(config.patience()) > 0) {
            throw new TrainException("no group has come for " + silent.toSeconds() + " s although "
                    + awaited(taken)
                    + " are under way: look whether broker, stream application and workers run."
                    + " The same command goes on from the last checkpoint; grpo.patience.ms says how long to wait");
        }
        if (waited.sayNow(SAY)) {
            tools.listener()
                    .warning("no group has come for " + silent.toSeconds() + " s; " + awaited(taken)
                            + " are under way. Still waiting");
        }
    }

    /** Groups that are published, and have not come. */
    private long awaited(List<Settled> taken) {
        return tools.flow().published() - tools.ledger().settled() - taken.size();
    }

    // ---- A step
    // --------------------------------------------------------------------------------------------------------

    @Override
    public Map<String, Object> step(int step, Update update) {
        long begin = System.nanoTime();
        StepGroups groups = new StepGroups(ready);
        List<RlSequence> samples = groups.sequences(
                config.advantages(),
                config.objective().aggregation(),
                config.sampling().maxTokens(),
                config.fill());
        RlTotals totals = tools.update().learn(samples, () -> tools.policy().change(step, update::apply));
        tools.policy().is(step);
        done = step;
        tools.ledger().add(step, groups);
        watch.learnt(groups.means());
        tools.flow().stepped(enough(groups));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("loss", totals.loss());
        values.putAll(groups.values());
        totals.into(values);
        values.put("groups", groups.count(Fate.TRAINED));
        values.put(
                "tokens",
                samples.stream()
                        .mapToLong(sample -> sample.sequence().tokens().length)
                        .sum());
        values.putAll(accounts());
        pace.step(begin, tools.generator().tokens(), tools.generator().busyNanos(), waited, values);
        values.put("alarm", watch.alarmed() ? 1 : 0);
        ready = List.of();
        return values;
    }

    /** Groups of a step that made it up; the others made room for new ones at once. */
    private int enough(StepGroups groups) {
        return groups.count(Fate.TRAINED) + (config.fill() ? 0 : groups.count(Fate.FLAT));
    }

    private Map<String, Object> accounts() {
        Map<String, Object> values = new LinkedHashMap<>();
        long published = tools.flow().published();
        values.put("published", published);
        Map<Fate, Long> counts = tools.ledger().counts();
        for (Fate fate : Fate.values()) {
            values.put(fate.label(), counts.getOrDefault(fate, 0L));
        }
        // Not those that are being written right now: published is the sum of all these.
        values.put("under_way", published - tools.ledger().settled());
        return values;
    }

    // ---- Evaluation
    // ----------------------------------------------------------------------------------------------------

    @Override
    public Optional<Evaluation> evaluate() {
        return tools.evaluation().map(evaluation -> {
            Evaluation found = evaluation.evaluate();
            double share = found.score();
            watch.evaluated(done, new GoldWatch.Gold(share, evaluation.error(share)))
                    .ifPresent(tools.listener()::warning);
            Map<String, Object> values = new LinkedHashMap<>(found.values());
            values.put("alarm", watch.alarmed() ? 1 : 0);
            return new Evaluation(share, values);
        });
    }

    @Override
    public void close() {
        tools.generator().close();
        if (source != null) {
            source.close();
        }
    }
}
