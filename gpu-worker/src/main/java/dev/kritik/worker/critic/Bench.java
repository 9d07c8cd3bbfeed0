/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.worker.critic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.kritik.schema.SampleSpec;

/** The judges as all samples share them: who may write a sample, and who was found down. Safe for many threads. */
final class Bench {

    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);

    /** Names come with requests: a bound on what is remembered of them. */
    private static final int COMPLAINTS = 100;

    private final Jury jury;
    private final List<Seat> seats;
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    Bench(Jury jury, CriticMeters meters) {
        this.jury = jury;
        this.seats = jury.jurors().stream()
                .map(juror -> new Seat(juror, new Standing(jury.retry())))
                .toList();
        seats.forEach(seat -> meters.watch(seat, () -> isUp(seat)));
    }

    /** Which judges were found down, if all of them were; empty while one takes requests. */
    Optional<String> down() {
        if (seats.stream().anyMatch(this::isUp)) {
            return Optional.empty();
        }
        return Optional.of(
                seats.size() == 1
                        ? "its judge takes no requests"
                        : "none of its judges takes requests: "
                                + seats.stream().map(Seat::label).collect(Collectors.joining(", ")));
    }

    /** In a jury its samples tell; one that stands alone is waited for, and tells itself. */
    private boolean isUp(Seat seat) {
        return seats.size() > 1 ? seat.standing().isUp() : !seat.juror().judge().away();
    }

    /** How long a sample waits for a judge that takes no requests. */
    Duration patience() {
        return jury.patience();
    }

    /** How long a judge that was found down is left alone. */
    Duration retry() {
        return jury.retry();
    }

    /**
     * Who may write a sample: the judge that it names, or the first of the jury where it names none; and then the others, in
     * an order that follows from the sample's seed, so that the samples of one that is down spread evenly over those that are
     * up, however many that are. A sample that names nobody who is here goes to any of them in the same way.
     */
    Nominees nominees(SampleSpec spec) {
        Optional<String> asked = Optional.ofNullable(spec.getJudge());
        Optional<Seat> named = seats.stream()
                .filter(seat -> asked.isPresent() && seat.juror().name().equals(asked))
                .findFirst();
        if (asked.isPresent() && named.isEmpty()) {
            complain(asked.get());
        }
        Optional<Seat> own = asked.isEmpty() ? Optional.of(seats.getFirst()) : named;
        List<Seat> others = new ArrayList<>(seats);
        own.ifPresent(others::remove);
        others.sort(Comparator.comparingLong(
                seat -> mixed(spec.getSeed(), seat.label().hashCode())));
        return new Nominees(
                asked.or(() -> seats.getFirst().juror().name()),
                asked.isEmpty() || named.isPresent(),
                Stream.concat(own.stream(), others.stream()).toList());
    }

    /** A number that differs for each name and seed without any pattern (the end of MurmurHash3). */
    private static long mixed(long seed, int name) {
        long z = (seed << 32) ^ (name & 0xFFFF_FFFFL);
        z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
        z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return z ^ (z >>> 33);
    }

    /** A judge had a sample, and this came of it. One that stands alone is never down: there is nobody to go to. */
    void found(Seat seat, Verdict verdict, Instant now) {
        if (verdict.judgeFailed()) {
            failed(seat, verdict, verdict.judgeAway(), now);
        } else if (seats.size() > 1 && seat.standing().answered()) {
            LOG.atInfo().addKeyValue("judge", seat.label()).log("The judge is back");
        }
    }

    /** As {@link #found}, for a judge that failed a sample in a way that says little unless it does so to several. */
    void failedOnce(Seat seat, Verdict verdict, Instant now) {
        failed(seat, verdict, false, now);
    }

    private void failed(Seat seat, Verdict verdict, boolean away, Instant now) {
        if (seats.size() > 1 && seat.standing().failed(away, now)) {
            LOG.atWarn()
                    .addKeyValue("judge", seat.label())
                    .addKeyValue("reason", verdict.reason())
                    .addKeyValue("detail", verdict.detail())
                    .addKeyValue("retryMs", retry().toMillis())
                    .log("The judge is down; others of the jury write its samples");
        }
    }

    private void complain(String name) {
        if (complained.size() < COMPLAINTS && complained.add(name)) {
            LOG.atError()
                    .addKeyValue("judge", name)
                    .addKeyValue("here", seats.stream().map(Seat::label).toList())
                    .log("A request names a judge that this worker does not have, and another takes its place; give"
                            + " stream application and workers the same jury.judges");
        }
    }
}
