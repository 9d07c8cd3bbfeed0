/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import dev.kritik.ops.audit.invariant.Seen.Fault;
import dev.kritik.schema.CountedScore;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.GroupStatus;
import dev.kritik.schema.Juror;
import dev.kritik.schema.MemberReward;
import dev.kritik.schema.MemberStatus;
import dev.kritik.schema.SampleVote;

/**
 * A terminal record computed again from the votes in it, by the definition of SPCT (arXiv 2504.02495, section 4) and the
 * contract, with none of the code that made it: for each response the votes with the highest logits are kept, and the reward
 * is their mean.
 */
final class Recount {

    /** Rewards in a jury are rounded to a billionth. */
    private static final double TOLERANCE = 2e-9;

    private static final double LOWEST = 1;
    private static final double HIGHEST = 10;

    private final GroupReward reward;
    private final int minVotes;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Juror> jury = new TreeMap<>();
    private final Map<Integer, List<Ballot>> ballots = new TreeMap<>();

    /** A score of one response in one sample. */
    private record Ballot(int sample, CountedScore score, Double logit, String judge) {}

    private Recount(GroupReward reward, int minVotes) {
        this.reward = reward;
        this.minVotes = minVotes;
    }

    /**
     * What is wrong with a record in itself.
     *
     * @param minVotes valid votes below which a response has no reward
     * @param votesLeftOut whether the record has no votes since it was too large: then nothing is counted again
     */
    static List<Fault> faults(GroupReward reward, int minVotes, boolean votesLeftOut) {
        Recount recount = new Recount(reward, minVotes);
        recount.members();
        recount.ends();
        recount.highest();
        if (!votesLeftOut) {
            recount.votes();
            recount.rewards();
            recount.samples();
            recount.jurors();
        }
        return recount.faults;
    }

    private void wrong(Invariant invariant, String what) {
        faults.add(new Fault(invariant, what));
    }

    private void members() {
        Set<Integer> seen = new HashSet<>();
        int last = -1;
        boolean ascending = true;
        for (MemberReward member : reward.getMembers()) {
            int index = member.getIndex();
            if (!seen.add(index)) {
                wrong(Invariant.I2, "member " + index + " stands twice in the record");
            }
            ascending &= index >= last;
            last = index;
        }
        boolean own = seen.stream().allMatch(index -> index >= 0 && index < reward.getGroupSize());
        if (!own || seen.size() != reward.getGroupSize() || !ascending) {
            wrong(
                    Invariant.I6,
                    "the record's members are " + seen + ", not those of a group of " + reward.getGroupSize());
        }
    }

    private long count(MemberStatus status) {
        return reward.getMembers().stream()
                .filter(member -> member.getStatus() == status)
                .count();
    }

    /** Status, reason and stop reason. */
    private void ends() {
        long scored = count(MemberStatus.SCORED);
        boolean deadline = reward.getStopReason().endsWith("_DEADLINE");
        GroupStatus due = scored == reward.getMembers().size()
                ? GroupStatus.OK
                : scored > 0 ? GroupStatus.PARTIAL : deadline ? GroupStatus.TIMEOUT : GroupStatus.FAILED;
        if (reward.getStatus() != due) {
            wrong(
                    Invariant.I5,
                    "the status is " + reward.getStatus() + ", but " + scored + " of "
                            + reward.getMembers().size() + " members have a reward, and it stopped by "
                            + reward.getStopReason() + ": it should be " + due);
        }
        if ((reward.getReason() == null) != (reward.getStatus() == GroupStatus.OK)) {
            wrong(Invariant.I5, "the status " + reward.getStatus() + " has the reason " + reward.getReason());
        }
        for (MemberReward member : reward.getMembers()) {
            boolean has = member.getStatus() == MemberStatus.SCORED;
            if (has != (member.getReward() != null) || has != (member.getReason() == null)) {
                wrong(
                        Invariant.I5,
                        "member " + member.getIndex() + " is " + member.getStatus() + " with the reward "
                                + member.getReward() + " and the reason " + member.getReason());
            }
        }
    }

    private void highest() {
        Integer best = null;
        double top = Double.NEGATIVE_INFINITY;
        for (MemberReward member : reward.getMembers()) {
            if (member.getReward() != null && member.getReward() > top) {
                top = member.getReward();
                best = member.getIndex();
            }
        }
        if (!Objects.equals(best, reward.getBest())) {
            wrong(Invariant.I5, "the best is said to be member " + reward.getBest() + "; by the rewards it is " + best);
        }
    }

    /** Sorts the scores by response, and looks at each. */
    private void votes() {
        reward.getJury().forEach(juror -> jury.put(juror.getName(), juror));
        for (SampleVote vote : reward.getVotes()) {
            if (vote.getStatus().equals("OK") == vote.getScores().isEmpty()) {
                wrong(
                        Invariant.I5,
                        name(vote) + " is " + vote.getStatus() + " with "
                                + vote.getScores().size() + " scores");
            }
            Set<Integer> scored = new HashSet<>();
            for (CountedScore score : vote.getScores()) {
                if (!scored.add(score.getIndex())) {
                    wrong(Invariant.I5, name(vote) + " scores member " + score.getIndex() + " twice");
                }
                if (score.getScore() < LOWEST || score.getScore() > HIGHEST) {
                    wrong(Invariant.I5, name(vote) + " has the score " + score.getScore());
                }
                scale(vote, score);
                ballots.computeIfAbsent(score.getIndex(), none -> new ArrayList<>())
                        .add(new Ballot(vote.getSample(), score, vote.getMetaLogit(), vote.getJudge()));
            }
        }
    }

    private static String name(SampleVote vote) {
        return "the vote of sample " + vote.getSample() + ", panel " + vote.getPanel() + ",";
    }

    /** What a score is on the scale of the jury. */
    private void scale(SampleVote vote, CountedScore score) {
        Double due = null;
        if (!reward.getJury().isEmpty()) {
            Juror juror = vote.getJudge() == null ? null : jury.get(vote.getJudge());
            double plain = juror == null ? score.getScore() : juror.getOffset() + juror.getFactor() * score.getScore();
            due = Math.min(HIGHEST, Math.max(LOWEST, plain));
        }
        if (differ(due, score.getValue())) {
            wrong(
                    Invariant.I5,
                    name(vote) + " has the value " + score.getValue() + " for the score " + score.getScore()
                            + " of member " + score.getIndex() + "; by the jury's scale it is " + due);
        }
    }

    private double weight(String judge) {
        if (reward.getJury().isEmpty()) {
            return 1;
        }
        Juror juror = judge == null ? null : jury.get(judge);
        return juror != null
                ? juror.getWeight()
                : reward.getJury().stream()
                        .mapToDouble(Juror::getWeight)
                        .average()
                        .orElse(1);
    }

    private void rewards() {
        Set<Integer> judged = new HashSet<>();
        for (MemberReward member : reward.getMembers()) {
            boolean byVotes = member.getRule() == null
                    && (member.getStatus() == MemberStatus.SCORED || member.getStatus() == MemberStatus.UNSCORED);
            if (byVotes) {
                int name = member.getJudgedAs() == null ? member.getIndex() : member.getJudgedAs();
                judged.add(name);
                byVotes(member, name, kept(ballots.getOrDefault(name, List.of())));
            } else {
                without(member);
            }
        }
        for (int index : ballots.keySet()) {
            if (!judged.contains(index)) {
                wrong(Invariant.I5, "votes are for member " + index + ", which was not to be judged");
            }
        }
    }

    /** What was decided by a rule, or not at all. */
    private void without(MemberReward member) {
        if (member.getKeptVotes() != 0
                || member.getValidVotes() != 0
                || member.getScoreSum() != 0
                || member.getSpread() != null) {
            wrong(Invariant.I5, "member " + member.getIndex() + " was not judged, and has counts of votes");
        }
        Double score = member.getReward();
        if (score != null && !(score >= LOWEST && score <= HIGHEST)) {
            wrong(Invariant.I5, "member " + member.getIndex() + " has the reward " + score);
        }
        if (score != null && member.getRule() == null) {
            wrong(Invariant.I5, "member " + member.getIndex() + " has a reward of no vote and no rule");
        }
    }

    /** The ballots with the highest logits; one without ranks last, among equals the lower sample first. */
    private List<Ballot> kept(List<Ballot> all) {
        if (all.stream().noneMatch(ballot -> ballot.logit() != null)) {
            return all;
        }
        Integer asked = reward.getKMeta();
        int wanted = asked == null ? Math.max(1, all.size() / 2) : asked == 0 ? all.size() : asked;
        List<Ballot> ranked = new ArrayList<>(all);
        ranked.sort((one, other) -> {
            double first = one.logit() == null ? Double.NEGATIVE_INFINITY : one.logit();
            double second = other.logit() == null ? Double.NEGATIVE_INFINITY : other.logit();
            // By their values: minus zero is zero.
            int order = first == second ? 0 : first > second ? -1 : 1;
            return order == 0 ? Integer.compare(one.sample(), other.sample()) : order;
        });
        return ranked.subList(0, Math.min(wanted, ranked.size()));
    }

    private void byVotes(MemberReward member, int name, List<Ballot> kept) {
        List<Ballot> all = ballots.getOrDefault(name, List.of());
        String who = "member " + member.getIndex();
        for (Ballot ballot : all) {
            if (ballot.score().getKept() != kept.contains(ballot)) {
                wrong(
                        Invariant.I5,
                        who + ": its vote of sample " + ballot.sample() + " is "
                                + (ballot.score().getKept() ? "" : "not ") + "marked as kept; by the logits it is"
                                + (ballot.score().getKept() ? " not" : ""));
            }
        }
        int n = kept.size();
        long sum = kept.stream().mapToLong(ballot -> ballot.score().getScore()).sum();
        equal(who, "valid votes", all.size(), member.getValidVotes());
        equal(who, "kept votes", n, member.getKeptVotes());
        equal(who, "score sum", sum, member.getScoreSum());
        double weights = 0;
        double weighted = 0;
        double plain = 0;
        for (Ballot ballot : kept) {
            weights += weight(ballot.judge());
            weighted += weight(ballot.judge()) * value(ballot);
            plain += value(ballot);
        }
        double squares = 0;
        for (Ballot ballot : kept) {
            squares += Math.pow(value(ballot) - plain / n, 2);
        }
        equal(who, "spread", n < 2 ? null : Math.sqrt(squares / (n - 1)), member.getSpread());
        boolean enough = all.size() >= minVotes && n > 0;
        if (enough != (member.getStatus() == MemberStatus.SCORED)) {
            wrong(
                    Invariant.I5,
                    who + " is " + member.getStatus() + " with " + all.size() + " valid votes; " + minVotes
                            + " are wanted");
        } else if (enough) {
            equal(who, "reward", weighted / weights, member.getReward());
        }
    }

    private static double value(Ballot ballot) {
        Double value = ballot.score().getValue();
        return value == null ? ballot.score().getScore() : value;
    }

    private void equal(String who, String what, long due, long said) {
        if (due != said) {
            wrong(Invariant.I5, who + " has " + what + " " + said + "; by the votes it is " + due);
        }
    }

    private void equal(String who, String what, Double due, Double said) {
        if (differ(due, said)) {
            wrong(Invariant.I5, who + " has " + what + " " + said + "; by the votes it is " + due);
        }
    }

    /** NaN differs from everything. */
    private static boolean differ(Double one, Double other) {
        if (one == null || other == null) {
            return one != null || other != null;
        }
        return !(Math.abs(one - other) <= TOLERANCE);
    }

    /** How many were asked for, came, and are valid. */
    private void samples() {
        Set<Long> ids = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        int received = 0;
        int valid = 0;
        for (SampleVote vote : reward.getVotes()) {
            if (!ids.add(Seen.sampleId(vote.getPanel(), vote.getSample()))) {
                wrong(Invariant.I7, name(vote) + " is counted twice");
            }
            numbers.add(vote.getSample());
            received += vote.getStatus().equals("UNANSWERED") ? 0 : 1;
            valid += vote.getScores().isEmpty() ? 0 : 1;
        }
        sample("requested", reward.getVotes().size(), reward.getSamplesRequested());
        sample("received", received, reward.getSamplesReceived());
        sample("valid", valid, reward.getSamplesValid());
        if (reward.getSamplesSpent() != null) {
            sample("spent", numbers.size(), reward.getSamplesSpent());
        }
        boolean all = received == reward.getVotes().size();
        String stop = reward.getStopReason();
        boolean fits = switch (stop) {
            case "ALL_SAMPLES" -> all && numbers.size() == reward.getK();
            case "DECIDED" -> all && !numbers.isEmpty();
            case "EVALUATION_DEADLINE" -> true;
            case "COLLECTION_DEADLINE", "NOTHING_TO_JUDGE", "RULED" ->
                reward.getVotes().isEmpty();
            default -> false;
        };
        if (!fits) {
            wrong(
                    Invariant.I7,
                    "it stopped by " + stop + ", but of " + reward.getVotes().size() + " samples asked for, "
                            + numbers.size() + " for each response of at most " + reward.getK() + ", " + received
                            + " were answered");
        }
    }

    private void sample(String what, int due, int said) {
        if (due != said) {
            wrong(Invariant.I7, "samples_" + what + " is " + said + "; by the votes it is " + due);
        }
    }

    private void jurors() {
        for (Juror juror : reward.getJury()) {
            int asked = 0;
            int valid = 0;
            int replaced = 0;
            for (SampleVote vote : reward.getVotes()) {
                boolean stoodIn = vote.getReplaced() != null;
                boolean meant = juror.getName().equals(stoodIn ? vote.getReplaced() : vote.getJudge());
                asked += meant ? 1 : 0;
                replaced += meant && stoodIn ? 1 : 0;
                valid += juror.getName().equals(vote.getJudge())
                                && !vote.getScores().isEmpty()
                        ? 1
                        : 0;
            }
            if (asked != juror.getAsked() || valid != juror.getValid() || replaced != juror.getReplaced()) {
                wrong(
                        Invariant.I5,
                        "the judge " + juror.getName() + " is said to have been asked " + juror.getAsked()
                                + " times, to have given " + juror.getValid() + " votes, and to have been replaced "
                                + juror.getReplaced() + " times; by the votes it is " + asked + ", " + valid + " and "
                                + replaced);
            }
        }
    }
}
