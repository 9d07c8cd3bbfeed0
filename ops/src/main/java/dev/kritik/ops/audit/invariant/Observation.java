/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.SampleVote;
import dev.kritik.stream.core.GroupId;

/**
 * What was seen of an installation: the ledger and the committed records of all topics, in any order. Of bodies only
 * fingerprints are kept. For one thread; {@link Checker} decides what it means.
 */
public final class Observation {

    /** Above every index that a group can have. */
    static final int MOST_INDEX = 65_535;

    private static final int MOST_CHARACTERS = 200;

    /** Numbers in a plain box of a judge's text. */
    private static final Pattern BOX = Pattern.compile("\\\\boxed\\{(\\d{1,3}(?:\\h*,\\h*\\d{1,3})*)}");

    /** Offsets of one partition that were read. */
    record Span(long from, long to) {}

    final Map<GroupId, Trail> groups = new HashMap<>();
    final List<Seen.Stray> strays = new ArrayList<>();
    final List<Send> raws = new ArrayList<>();
    final Map<Place, List<Seen.Letter>> letters = new HashMap<>();
    final Map<Place, String> unreadable = new LinkedHashMap<>();
    final List<Seen.Letter> unplaced = new ArrayList<>();

    private final int groupSize;
    private final int minVotes;
    private final Map<Place.Flow, Map<Integer, Span>> spans = new HashMap<>();
    long sends;
    long sendsAcknowledged;
    long sendsFailed;
    long rollouts;
    long requests;
    long critiques;
    long repeatedDeliveries;
    long judgeMs;
    long rewards;
    final Map<String, Long> reasons = new TreeMap<>();

    /**
     * An observation of nothing yet.
     *
     * @param groupSize most members of a group
     * @param minVotes valid votes below which a response has no reward
     */
    public Observation(int groupSize, int minVotes) {
        this.groupSize = groupSize;
        this.minVotes = minVotes;
    }

    /** Says which offsets of a partition are read; without that, all of them. */
    public void reads(Place.Flow flow, int partition, long from, long to) {
        spans.computeIfAbsent(flow, none -> new HashMap<>()).put(partition, new Span(from, to));
    }

    boolean isRead(Place place) {
        Span span = spans.getOrDefault(place.flow(), Map.of()).get(place.partition());
        return span == null || (place.offset() >= span.from() && place.offset() < span.to());
    }

    private Trail trail(String job, String group, int attempt) {
        return groups.computeIfAbsent(new GroupId(job, group, attempt), none -> new Trail());
    }

    /** A sending of the ledger. */
    public void sent(Send send) {
        sends++;
        sendsAcknowledged += send.state() == Send.State.ACKNOWLEDGED ? 1 : 0;
        sendsFailed += send.state() == Send.State.FAILED ? 1 : 0;
        Send.Member member = send.rollout();
        if (member == null || isStray(member.job(), member.group(), member.attempt(), member.index(), member.size())) {
            raws.add(send);
            return;
        }
        trail(member.job(), member.group(), member.attempt())
                .sent
                .add(new Seen.Sent(
                        member.index(),
                        member.size(),
                        send.hash(),
                        send.state(),
                        send.partition(),
                        send.offset(),
                        send.sentMs(),
                        member.deadlineMs() == null ? Long.MAX_VALUE : Math.max(0, member.deadlineMs())));
    }

    /**
     * A record on the topic of rollouts.
     *
     * @param rollout what its value means; null when it can't be read
     */
    public void rollout(int partition, long offset, long timeMs, byte[] key, byte[] value, Rollout rollout) {
        rollouts++;
        long hash = Fingerprint.of(value);
        if (rollout == null
                || isStray(
                        rollout.getJobId(),
                        rollout.getGroupId(),
                        rollout.getGroupAttempt(),
                        rollout.getIndex(),
                        rollout.getGroupSize())
                || !isKey(key, rollout.getJobId(), rollout.getGroupId())) {
            strays.add(new Seen.Stray(hash, partition, offset));
            return;
        }
        trail(rollout.getJobId(), rollout.getGroupId(), rollout.getGroupAttempt())
                .rollouts
                .add(new Seen.Member(
                        rollout.getIndex(),
                        rollout.getGroupSize(),
                        hash,
                        Fingerprint.of(rollout.getResponse()),
                        rollout.getDeadlineMs() == null ? Long.MAX_VALUE : Math.max(0, rollout.getDeadlineMs()),
                        partition,
                        offset,
                        timeMs));
    }

    /** Whether it is not clear which member of which group a rollout is. */
    private boolean isStray(String job, String group, int attempt, int index, int size) {
        return isBadName(job)
                || job.indexOf('/') >= 0
                || isBadName(group)
                || attempt < 0
                || size < 1
                || size > groupSize
                || index < 0
                || index >= size;
    }

    private static boolean isBadName(String name) {
        int characters = name.codePointCount(0, name.length());
        return characters < 1 || characters > MOST_CHARACTERS || name.chars().anyMatch(Character::isISOControl);
    }

    private static boolean isKey(byte[] key, String job, String group) {
        if (key == null) {
            return false;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString()
                    .equals(Keys.of(job, group));
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** A record on any other topic that can't be read. */
    public void unreadable(Place place, String why) {
        unreadable.put(place, why);
    }

    /** A request for critiques. */
    public void request(int partition, long offset, CritiqueRequest request) {
        requests++;
        Trail trail = trail(request.getJobId(), request.getGroupId(), request.getGroupAttempt());
        trail.shows(request);
        int responses = setHash(request.getResponses().stream()
                .mapToInt(shown -> shown.getIndex())
                .toArray());
        for (SampleSpec sample : request.getSamples()) {
            trail.asked.add(new Seen.Asked(
                    request.getPanel(),
                    sample.getSample(),
                    sample.getOrder().hashCode(),
                    responses,
                    request.getPartition(),
                    partition,
                    offset));
        }
    }

    /** A critique. */
    public void critique(int partition, long offset, byte[] key, Critique critique) {
        critiques++;
        judgeMs += Math.max(0, critique.getJudgeMs());
        repeatedDeliveries += critique.getDelivery() > 1 ? 1 : 0;
        boolean ok = critique.getStatus() == CritiqueStatus.OK;
        trail(critique.getJobId(), critique.getGroupId(), critique.getGroupAttempt())
                .critiques
                .add(new Seen.Critic(
                        critique.getPanel(),
                        critique.getSample(),
                        VoteHash.of(critique),
                        critique.getOrder().hashCode(),
                        ok
                                ? setHash(critique.getScores().stream()
                                        .mapToInt(MemberScore::getIndex)
                                        .toArray())
                                : 0,
                        isMisplaced(critique),
                        isKey(key, critique.getJobId(), critique.getGroupId()),
                        Math.max(0, critique.getJudgeMs()),
                        critique.getDelivery(),
                        critique.getPromptTokens() == null ? 0 : Math.max(0, critique.getPromptTokens()),
                        critique.getCompletionTokens() == null ? 0 : Math.max(0, critique.getCompletionTokens()),
                        partition,
                        offset));
    }

    /** Whether the text has a plain box of as many numbers as responses were shown, and the scores are others. */
    private static boolean isMisplaced(Critique critique) {
        if (critique.getStatus() != CritiqueStatus.OK
                || critique.getRawText() == null
                || critique.getRawText().contains("<think>")) {
            return false;
        }
        String text = critique.getRawText();
        Matcher box = BOX.matcher(text);
        // Which of several boxes counts is the parser's business.
        if (!box.find() || text.indexOf("\\boxed") != text.lastIndexOf("\\boxed")) {
            return false;
        }
        Map<Integer, Integer> scores = new HashMap<>();
        critique.getScores().forEach(score -> scores.put(score.getIndex(), score.getScore()));
        List<String> said = List.of(box.group(1).split(",", -1));
        if (said.size() != critique.getOrder().size()) {
            return false;
        }
        for (int place = 0; place < said.size(); place++) {
            Integer score = scores.get(critique.getOrder().get(place));
            String number = said.get(place).strip();
            if (score != null && Integer.parseInt(number) != score) {
                return true;
            }
        }
        return false;
    }

    /** A terminal record. */
    public void reward(int partition, long offset, long timeMs, byte[] key, GroupReward reward) {
        rewards++;
        boolean leftOut = reward.getVotes().isEmpty()
                && reward.getSamplesRequested() > 0
                && reward.getDetail() != null
                && reward.getDetail().contains("votes are left out");
        List<Seen.Fault> faults = new ArrayList<>(Recount.faults(reward, minVotes, leftOut));
        if (!isKey(key, reward.getJobId(), reward.getGroupId())) {
            faults.add(new Seen.Fault(Invariant.I6, "the key is not that of the group"));
        }
        trail(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt())
                .terminals
                .add(new Seen.Terminal(
                        reward.getStatus().name(),
                        reward.getStopReason().intern(),
                        reward.getReason() != null,
                        reward.getGroupSize(),
                        reward.getOpenedMs(),
                        reward.getJudgingMs() == null ? -1 : reward.getJudgingMs(),
                        reward.getClosedMs(),
                        reward.getMembers().stream()
                                .map(member -> new Seen.Rewarded(
                                        member.getIndex(),
                                        member.getStatus().name(),
                                        member.getReason() == null
                                                ? null
                                                : member.getReason().intern(),
                                        member.getReward() == null ? Double.NaN : member.getReward(),
                                        member.getJudgedAs() == null ? member.getIndex() : member.getJudgedAs()))
                                .toList(),
                        reward.getTiedTop(),
                        reward.getVotes().stream().map(Observation::vote).toList(),
                        leftOut,
                        reward.getSamplesRequested(),
                        reward.getPromptTokens(),
                        reward.getCompletionTokens(),
                        List.copyOf(faults),
                        partition,
                        offset,
                        timeMs));
    }

    private static Seen.Vote vote(SampleVote vote) {
        return new Seen.Vote(vote.getPanel(), vote.getSample(), VoteHash.of(vote));
    }

    /**
     * A dead letter.
     *
     * @param source what it says where the record was read; null when it does not say
     * @param streams whether the stream application wrote it, which writes each once
     * @param cut whether the value may be shorter than it was
     */
    public void deadLetter(
            int partition, long offset, Place source, String reason, boolean streams, byte[] value, boolean cut) {
        reasons.merge(reason, 1L, Long::sum);
        var letter = new Seen.Letter(source, reason.intern(), streams, Fingerprint.of(value), cut, partition, offset);
        if (source == null) {
            unplaced.add(letter);
        } else {
            letters.computeIfAbsent(source, none -> new ArrayList<>(1)).add(letter);
        }
    }

    private static int setHash(int[] indices) {
        int[] sorted = indices.clone();
        Arrays.sort(sorted);
        return Arrays.hashCode(sorted);
    }
}
