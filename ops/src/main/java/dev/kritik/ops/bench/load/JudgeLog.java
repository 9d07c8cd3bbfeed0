/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.kritik.ops.judge.Outcome;
import dev.kritik.ops.judge.Visit;

/** What a recorded judge did, as it says itself. Visits come from many threads; figures are asked for when it is quiet. */
public final class JudgeLog implements Consumer<Visit> {

    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();

    @Override
    public void accept(Visit visit) {
        visits.add(visit);
    }

    /** All visits up to now; the log begins anew. */
    public List<Visit> drain() {
        List<Visit> taken = new ArrayList<>();
        for (Visit visit = visits.poll(); visit != null; visit = visits.poll()) {
            taken.add(visit);
        }
        return taken;
    }

    /**
     * What a judge gave in a span of time.
     *
     * @param seconds of the span
     * @param calls answers that were written in it, each request once, and only useful ones
     * @param busy place-seconds that these and other useful answers took of it
     * @param waiting how many requests waited for a place, on average
     */
    public record Work(double seconds, long calls, double busy, double waiting) {

        /** Useful answers a second. */
        public double callsPerSecond() {
            return calls / seconds;
        }

        /** Share of so many places that was spent on useful answers. */
        public double use(int capacity) {
            return busy / (seconds * capacity);
        }

        /**
         * The work between two times.
         *
         * @param useful which request ids count; a second answer to the same request never does
         * @param fromNs beginning, as {@link System#nanoTime} says
         * @param toNs end
         */
        public static Work of(List<Visit> visits, Predicate<String> useful, long fromNs, long toNs) {
            Set<String> seen = new HashSet<>();
            long calls = 0;
            double busy = 0;
            double waited = 0;
            for (Visit visit : visits) {
                waited += overlap(visit.arrivedNs(), visit.begunNs(), fromNs, toNs);
                if (visit.outcome() == Outcome.ANSWERED
                        && useful.test(visit.requestId())
                        && seen.add(visit.requestId())) {
                    busy += overlap(visit.begunNs(), visit.leftNs(), fromNs, toNs);
                    calls += visit.leftNs() - fromNs >= 0 && toNs - visit.leftNs() > 0 ? 1 : 0;
                }
            }
            double seconds = (toNs - fromNs) / 1e9;
            return new Work(seconds, calls, busy, waited / seconds);
        }

        private static double overlap(long begin, long end, long from, long to) {
            long first = begin - from >= 0 ? begin : from;
            long last = to - end >= 0 ? end : to;
            return Math.max(0, last - first) / 1e9;
        }
    }

    /**
     * The longest time, waiting included, that the judge took for one request of each group: what the group would have taken
     * if all its requests had been with the judge from the beginning.
     *
     * @return milliseconds by {@code job/group}
     */
    public static Map<String, Double> longestMs(List<Visit> visits) {
        return visits.stream()
                .collect(Collectors.toMap(
                        visit -> group(visit.requestId()),
                        visit -> (visit.leftNs() - visit.arrivedNs()) / 1e6,
                        Math::max));
    }

    /** {@code job/group} of a request id of the form {@code job/group/attempt/pPANEL/sSAMPLE/tTRY}; itself if it has another. */
    public static String group(String requestId) {
        String rest = requestId;
        for (int parts = 0; parts < 4; parts++) {
            int slash = rest.lastIndexOf('/');
            if (slash < 0) {
                return requestId;
            }
            rest = rest.substring(0, slash);
        }
        return rest;
    }
}
