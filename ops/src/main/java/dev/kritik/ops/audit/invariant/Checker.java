/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.kritik.ops.audit.invariant.Seen.Letter;
import dev.kritik.ops.audit.invariant.Seen.Stray;
import dev.kritik.stream.core.GroupId;

/**
 * Decides what an {@link Observation} means: {@link Invariant#I1} to {@link Invariant#I7} and {@link Invariant#LIVENESS}.
 * {@link Invariant#I8} needs the topics themselves. Pure: the same observation gives the same verdict. For one thread.
 */
public final class Checker {

    private final Observation seen;
    private final Terms terms;
    private final Findings findings = new Findings();
    private final Totals totals = new Totals();
    private final Letters letters;

    /** What is known of raw sendings: those that were acknowledged, by their place, and how many others by their value. */
    private final Map<Place, Send> rawByPlace = new HashMap<>();

    private final Map<Long, Integer> rawByHash = new HashMap<>();

    /** Where requests stand; null until it is asked for. */
    private Set<Place> requests;

    private Checker(Observation seen, Terms terms) {
        this.seen = seen;
        this.terms = terms;
        this.letters = new Letters(seen);
    }

    /**
     * What was found.
     *
     * @param totals by name, for JSON
     */
    public record Verdict(Findings findings, Map<String, Object> totals) {}

    /** Looks at everything. */
    public static Verdict check(Observation seen, Terms terms) {
        Checker checker = new Checker(seen, terms);
        checker.all();
        return new Verdict(checker.findings, checker.totals.plain(seen));
    }

    private void all() {
        for (Send raw : seen.raws) {
            if (raw.state() == Send.State.ACKNOWLEDGED) {
                rawByPlace.put(new Place(Place.Flow.ROLLOUTS, raw.partition(), raw.offset()), raw);
            } else {
                rawByHash.merge(raw.hash(), 1, Integer::sum);
            }
        }
        List<Stray> strays = adopt();
        seen.groups.forEach(this::group);
        strays.forEach(this::stray);
        rawByPlace.values().forEach(this::lost);
        seen.unreadable.forEach(this::unreadable);
        letters();
    }

    /**
     * What can't be read any more, since the registry has lost its schema, say, is what the ledger says: the application may
     * have read it. Returns the others.
     */
    private List<Stray> adopt() {
        Map<Place, Stray> strays = new LinkedHashMap<>();
        seen.strays.forEach(stray -> strays.put(stray.place(), stray));
        if (strays.isEmpty()) {
            return List.of();
        }
        for (Trail trail : seen.groups.values()) {
            for (Seen.Sent sent : trail.sent) {
                Stray stray = sent.state() == Send.State.ACKNOWLEDGED ? strays.get(sent.place()) : null;
                if (stray != null && stray.hash() == sent.hash()) {
                    strays.remove(stray.place());
                    trail.rollouts.add(new Seen.Member(
                            sent.index(),
                            sent.size(),
                            sent.hash(),
                            Fingerprint.NONE,
                            sent.deadlineMs(),
                            sent.partition(),
                            sent.offset(),
                            sent.sentMs()));
                }
            }
        }
        return List.copyOf(strays.values());
    }

    private void group(GroupId id, Trail trail) {
        new GroupCheck(id, trail, terms, seen, letters, findings, totals, this::isRaw).all();
    }

    /** Whether raw bytes of the ledger are what stands there; each sending stands for one record. */
    private boolean isRaw(Place place, long hash) {
        Send there = rawByPlace.get(place);
        if (there != null) {
            boolean same = there.hash() == hash;
            if (same) {
                rawByPlace.remove(place);
            }
            return same;
        }
        Integer left = rawByHash.get(hash);
        if (left == null || left == 0) {
            return false;
        }
        rawByHash.put(hash, left - 1);
        return true;
    }

    /** A record that no group can know of must be a dead letter. */
    private void stray(Stray stray) {
        if (letters.of(stray.place(), stray.hash()) == null) {
            findings.add(
                    Invariant.I1,
                    null,
                    "it can't be told which member it is, and no dead letter names it",
                    stray.place());
        }
        if (terms.ledger() && !isRaw(stray.place(), stray.hash())) {
            findings.add(Invariant.I3, null, "a record that the ledger does not know", stray.place());
        }
    }

    private void lost(Send raw) {
        Place place = new Place(Place.Flow.ROLLOUTS, raw.partition(), raw.offset());
        if (seen.isRead(place)) {
            findings.add(Invariant.I1, null, "acknowledged, and not there as it was sent (" + raw.why() + ")", place);
        }
    }

    private void unreadable(Place place, String why) {
        // A dead letter says so in the flow; rewards have no reader of ours.
        if (letters.of(place, Fingerprint.NONE) == null) {
            findings.add(Invariant.I3, null, "it can't be read, and no dead letter names it: " + why, place);
        }
    }

    /** What is left of dead letters, and those that stand there twice. */
    private void letters() {
        for (Map.Entry<Place, List<Letter>> entry : seen.letters.entrySet()) {
            Place source = entry.getKey();
            List<Letter> all = entry.getValue();
            long streams = all.stream().filter(Letter::streams).count();
            if (streams > 1) {
                findings.add(
                        Invariant.I2,
                        null,
                        streams + " dead letters of " + source,
                        all.getLast().place());
            }
            // A worker writes them at least once.
            totals.repeatedLetters += Math.max(0, all.size() - Math.max(1, streams));
            boolean request = source.flow() == Place.Flow.REQUESTS;
            boolean known = request ? isRequest(source) : letters.isUsed(source);
            if (!known && seen.isRead(source)) {
                findings.add(
                        Invariant.I3,
                        null,
                        "a dead letter of " + source + ", where no such record stands",
                        all.getFirst().place());
            }
        }
        for (Letter letter : seen.unplaced) {
            findings.add(Invariant.I3, null, "a dead letter that does not say where it comes from", letter.place());
        }
    }

    /** Looked up only when there are dead letters of requests, which are rare. */
    private boolean isRequest(Place source) {
        if (requests == null) {
            requests = new HashSet<>();
            seen.groups.values().forEach(trail -> trail.asked.forEach(asked -> requests.add(asked.place())));
        }
        return requests.contains(source) || letters.isUsed(source);
    }
}
