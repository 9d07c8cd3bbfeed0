/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit.invariant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.kritik.schema.Critique;
import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.CritiqueStatus;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.Keys;
import dev.kritik.schema.MemberScore;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.registry.InMemorySchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.schema.serde.ContractModel;
import dev.kritik.stream.StreamConfig;
import dev.kritik.stream.core.Checked;
import dev.kritik.stream.core.CritiqueCheck;
import dev.kritik.stream.core.Effect;
import dev.kritik.stream.core.Entries;
import dev.kritik.stream.core.Event;
import dev.kritik.stream.core.GroupId;
import dev.kritik.stream.core.GroupMachine;
import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.Member;
import dev.kritik.stream.core.Plan;
import dev.kritik.stream.core.RolloutCheck;
import dev.kritik.stream.core.Rules;
import dev.kritik.stream.core.Sample;
import dev.kritik.stream.core.jury.Experience;

/**
 * An installation in memory: the real core, a judge that answers as it is told, topics that are lists, a clock that jumps
 * to what comes next. What it leaves can be tampered with, and observed.
 */
final class World {

    static final long START = 1_700_000_000_000L;
    static final int PARTITIONS = 2;

    /** A record on a topic. Open to tampering. */
    static final class Rec<T> {
        int partition;
        long offset;
        long timeMs;
        byte[] key;
        byte[] bytes;
        T value;

        Rec<T> copy() {
            Rec<T> copy = new Rec<>();
            copy.partition = partition;
            copy.offset = offset;
            copy.timeMs = timeMs;
            copy.key = key;
            copy.bytes = bytes;
            copy.value = value;
            return copy;
        }
    }

    /** A dead letter's headers. */
    record Headers(Place source, String reason) {}

    /** How a judge answers a sample. */
    record Answer(long afterMs, CritiqueStatus status, String reason, Double logit, int times) {
        static Answer ok(long afterMs) {
            return new Answer(afterMs, CritiqueStatus.OK, null, null, 1);
        }

        static Answer never() {
            return new Answer(0, null, null, null, 0);
        }
    }

    /** Answers by panel and sample. */
    interface Judge {
        Answer answer(int panel, int sample);
    }

    final List<Rec<Rollout>> rollouts = new ArrayList<>();
    final List<Rec<CritiqueRequest>> requests = new ArrayList<>();
    final List<Rec<Critique>> critiques = new ArrayList<>();
    final List<Rec<GroupReward>> rewards = new ArrayList<>();
    final List<Rec<Headers>> letters = new ArrayList<>();
    final List<Send> ledger = new ArrayList<>();
    private long now;

    private final Rules rules;
    private final GroupMachine machine;
    private final RolloutCheck check;
    private static final AvroSerializer<Rollout> SERIALIZER =
            new AvroSerializer<>(new InMemorySchemaRegistry(), Rollout.class);

    private final Map<GroupId, Kept> groups = new HashMap<>();
    private final Map<Integer, Experience> experiences = new HashMap<>();
    private final Map<String, Judge> judges = new HashMap<>();
    private final Map<String, long[]> ends = new TreeMap<>();
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::number));
    private long number;

    private record Due(long atMs, long number, Runnable action) {}

    private static final class Kept implements Entries {
        private GroupState state = new GroupState.Absent();
        private final Map<Integer, Member> members = new TreeMap<>();
        private final Map<Integer, String> texts = new HashMap<>();
        private final List<Sample> samples = new ArrayList<>();
        private Rollout first;
        private Experience experience = Experience.NONE;

        @Override
        public Member member(int index) {
            return members.get(index);
        }

        @Override
        public boolean hasSample(int panel, int sample) {
            return samples.stream().anyMatch(kept -> kept.panel() == panel && kept.sample() == sample);
        }

        @Override
        public List<Sample> samples() {
            return samples;
        }

        @Override
        public Experience experience() {
            return experience;
        }
    }

    World(Map<String, String> config) {
        this(StreamConfig.from(config).rules(), START);
    }

    private World(Rules rules, long now) {
        ContractModel.of(GroupReward.class);
        ContractModel.of(Critique.class);
        ContractModel.of(CritiqueRequest.class);
        this.rules = rules;
        this.now = now;
        machine = new GroupMachine(rules);
        check = new RolloutCheck(rules);
    }

    /** The same records, and none of what is kept of groups: what is tampered with in one stays as it is in the other. */
    World copy() {
        World copy = new World(rules, now);
        rollouts.forEach(record -> copy.rollouts.add(record.copy()));
        requests.forEach(record -> copy.requests.add(record.copy()));
        critiques.forEach(record -> copy.critiques.add(record.copy()));
        rewards.forEach(record -> copy.rewards.add(record.copy()));
        letters.forEach(record -> copy.letters.add(record.copy()));
        copy.ledger.addAll(ledger);
        ends.forEach((topic, offsets) -> copy.ends.put(topic, offsets.clone()));
        return copy;
    }

    /** From now on samples of this group are answered so; without, all are OK after 20 ms and more. */
    void judge(String group, Judge judge) {
        judges.put(group, judge);
    }

    /** Sends a rollout at a time after the start. */
    void send(long atMs, Rollout rollout) {
        at(START + atMs, () -> arrive(rollout, true));
    }

    /** One that is acknowledged, and that the application never gets to see. */
    void sendPastTheApplication(long atMs, Rollout rollout) {
        at(START + atMs, () -> arrive(rollout, false));
    }

    void sendRaw(long atMs, String key, byte[] bytes, String reason) {
        at(START + atMs, () -> {
            Rec<Rollout> record = record(rollouts, "rollouts", 0, key.getBytes(UTF_8), null);
            record.bytes = bytes;
            ledger.add(Send.begun(now, null, Fingerprint.of(bytes), reason).acknowledged(now, 0, record.offset));
            discard(Place.Flow.ROLLOUTS, record, reason);
        });
    }

    private void at(long atMs, Runnable action) {
        queue.add(new Due(atMs, number++, action));
    }

    void run() {
        while (!queue.isEmpty()) {
            Due next = queue.remove();
            now = Math.max(now, next.atMs());
            next.action().run();
        }
    }

    private static int partition(String key) {
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }

    private <T> Rec<T> record(List<Rec<T>> topic, String name, int partition, byte[] key, T value) {
        Rec<T> record = new Rec<>();
        record.partition = partition;
        record.offset = ends.computeIfAbsent(name, none -> new long[PARTITIONS])[partition]++;
        record.timeMs = now;
        record.key = key;
        record.value = value;
        topic.add(record);
        return record;
    }

    private void arrive(Rollout rollout, boolean seen) {
        String key = Keys.of(rollout.getJobId(), rollout.getGroupId());
        Rec<Rollout> record = record(rollouts, "rollouts", partition(key), key.getBytes(UTF_8), rollout);
        record.bytes = SERIALIZER.serialize("rollouts", rollout);
        var member = new Send.Member(
                rollout.getJobId(),
                rollout.getGroupId(),
                rollout.getGroupAttempt(),
                rollout.getIndex(),
                rollout.getGroupSize(),
                rollout.getDeadlineMs());
        ledger.add(Send.begun(now - 1, member, Fingerprint.of(record.bytes), null)
                .acknowledged(now, record.partition, record.offset));
        if (seen) {
            switch (check.check(key, rollout)) {
                case Checked.Unusable unusable -> discard(Place.Flow.ROLLOUTS, record, unusable.reason());
                case Checked.Known known ->
                    happened(
                            known.id(),
                            known.event(),
                            rollout,
                            record.partition,
                            reason -> discard(Place.Flow.ROLLOUTS, record, reason));
            }
        }
    }

    private void discard(Place.Flow flow, Rec<?> source, String reason) {
        Rec<Headers> letter = record(
                letters,
                "dead-letters",
                source.partition,
                source.key,
                new Headers(new Place(flow, source.partition, source.offset), reason));
        letter.bytes = source.bytes;
    }

    private void happened(GroupId id, Event event, Rollout rollout, int partition, Consumer<String> discard) {
        Kept kept = groups.computeIfAbsent(id, none -> new Kept());
        kept.experience = experiences.getOrDefault(partition, Experience.NONE);
        GroupMachine.Step step = machine.apply(id, kept.state, kept, event, now);
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.KeepQuery query -> kept.first = rollout;
                case Effect.KeepText text -> {
                    kept.members.put(text.member().index(), text.member());
                    kept.texts.put(text.member().index(), rollout.getResponse());
                }
                case Effect.KeepMember member ->
                    kept.members.put(member.member().index(), member.member());
                case Effect.KeepSample sample -> kept.samples.add(sample.sample());
                case Effect.Ask ask -> ask(id, kept, ask, partition);
                case Effect.Close close ->
                    record(rewards, "rewards", partition, id.key().getBytes(UTF_8), close.reward());
                case Effect.KeepExperience learned -> experiences.put(partition, learned.experience());
                case Effect.Discard put -> discard.accept(put.reason());
                case Effect.Count count -> {}
            }
        }
        boolean moved = step.state().wakeMs() != kept.state.wakeMs();
        kept.state = step.state();
        if (moved && !(kept.state instanceof GroupState.Closed)) {
            long wake = kept.state.wakeMs();
            at(wake, () -> {
                if (kept.state.wakeMs() == wake) {
                    happened(id, new Event.DeadlinePassed(), null, partition, reason -> {});
                }
            });
        }
    }

    private void ask(GroupId id, Kept kept, Effect.Ask ask, int partition) {
        for (Plan.Request request : ask.plan().requests(ask.before(), rules.samplesPerRequest())) {
            String requestId = id + "/" + request.panel() + "/"
                    + request.samples().getFirst().sample();
            var value = CritiqueRequest.newBuilder()
                    .setRequestId(requestId)
                    .setJobId(id.job())
                    .setGroupId(id.group())
                    .setGroupAttempt(id.attempt())
                    .setPartition(partition)
                    .setPanel(request.panel())
                    .setMessages(kept.first.getMessages())
                    .setResponses(request.responses().stream()
                            .map(index -> new PanelResponse(index, kept.texts.get(index)))
                            .toList())
                    .setSamples(request.samples().stream()
                            .map(sample ->
                                    new SampleSpec(sample.sample(), sample.seed(), sample.order(), sample.judge()))
                            .toList())
                    .setDeadlineMs(ask.deadlineMs())
                    .setCreatedMs(ask.nowMs())
                    .build();
            record(requests, "critique-requests", partition(requestId), requestId.getBytes(UTF_8), value);
            for (SampleSpec sample : value.getSamples()) {
                Answer answer = judges.getOrDefault(id.group(), (panel, number) -> Answer.ok(20 + 7L * number + panel))
                        .answer(value.getPanel(), sample.getSample());
                for (int time = 0; time < answer.times(); time++) {
                    int delivery = time + 1;
                    at(now + answer.afterMs() * delivery, () -> answer(id, value, sample, answer, delivery));
                }
            }
        }
    }

    private void answer(GroupId id, CritiqueRequest request, SampleSpec sample, Answer answer, int delivery) {
        Map<Integer, String> texts = new LinkedHashMap<>();
        request.getResponses().forEach(response -> texts.put(response.getIndex(), response.getContent()));
        Map<Integer, Integer> scores = new LinkedHashMap<>();
        sample.getOrder().forEach(index -> scores.put(index, score(texts.get(index), sample.getSample())));
        boolean ok = answer.status() == CritiqueStatus.OK;
        var critique = Critique.newBuilder()
                .setJobId(id.job())
                .setGroupId(id.group())
                .setGroupAttempt(id.attempt())
                .setPanel(request.getPanel())
                .setSample(sample.getSample())
                .setRequestId(request.getRequestId())
                .setStatus(answer.status())
                .setReason(answer.reason())
                .setScores(
                        ok
                                ? scores.entrySet().stream()
                                        .map(score -> new MemberScore(score.getKey(), score.getValue()))
                                        .sorted(Comparator.comparingInt(MemberScore::getIndex))
                                        .toList()
                                : List.of())
                .setOrder(sample.getOrder())
                .setRawText(
                        ok
                                ? "Scores: \\boxed{"
                                        + String.join(
                                                ", ",
                                                scores.values().stream()
                                                        .map(String::valueOf)
                                                        .toList())
                                        + "}"
                                : "hm")
                .setMetaLogit(answer.logit() == null ? null : answer.logit() + sample.getSample() * 0.37 % 1)
                .setMetaModel(answer.logit() == null ? null : "meta")
                .setJudge("test")
                .setJudgeName(sample.getJudge())
                .setModel("m")
                .setPromptVersion("1")
                .setSeed(sample.getSeed())
                .setAttempt(1)
                .setPromptTokens(100L)
                .setCompletionTokens(10L + sample.getSample())
                .setStartedMs(now - 10)
                .setJudgeMs(10)
                .setFinishedMs(now)
                .setWorker("w")
                .setDelivery(delivery)
                .build();
        Rec<Critique> record =
                record(critiques, "critiques", request.getPartition(), id.key().getBytes(UTF_8), critique);
        switch (CritiqueCheck.check(id.key(), critique)) {
            case Checked.Unusable unusable -> discard(Place.Flow.CRITIQUES, record, unusable.reason());
            case Checked.Known known ->
                happened(
                        id,
                        known.event(),
                        null,
                        request.getPartition(),
                        reason -> discard(Place.Flow.CRITIQUES, record, reason));
        }
    }

    private static int score(String text, int sample) {
        return 1 + Math.floorMod(text.hashCode() * 31 + sample * (text.length() % 3) * 17, 10);
    }

    Terms terms() {
        return new Terms(
                rules.collectMs(),
                rules.evaluateMs(),
                5_000,
                now + 3_600_000,
                null,
                0,
                false,
                Long.MIN_VALUE,
                Long.MIN_VALUE,
                true,
                Set.of());
    }

    /** What the checker says of what stands there now. */
    Checker.Verdict verdict(Terms terms) {
        Observation seen = new Observation(rules.limits().groupSize(), rules.minVotes());
        ledger.forEach(seen::sent);
        for (Rec<Rollout> record : rollouts) {
            seen.rollout(record.partition, record.offset, record.timeMs, record.key, record.bytes, record.value);
        }
        requests.forEach(record -> seen.request(record.partition, record.offset, record.value));
        critiques.forEach(record -> seen.critique(record.partition, record.offset, record.key, record.value));
        rewards.forEach(
                record -> seen.reward(record.partition, record.offset, record.timeMs, record.key, record.value));
        letters.forEach(record -> seen.deadLetter(
                record.partition,
                record.offset,
                record.value.source(),
                record.value.reason(),
                true,
                record.bytes,
                false));
        return Checker.check(seen, terms);
    }

    /** The invariants that do not hold. */
    Set<Invariant> broken(Terms terms) {
        return new HashSet<>(verdict(terms).findings().counts().keySet());
    }

    /** The next free offset of a topic. */
    <T> Rec<T> append(List<Rec<T>> topic, Rec<T> record) {
        record.offset = topic.stream()
                        .filter(other -> other.partition == record.partition)
                        .mapToLong(other -> other.offset)
                        .max()
                        .orElse(-1)
                + 1;
        topic.add(record);
        return record;
    }

    Rec<GroupReward> reward(String group) {
        return rewards.stream()
                .filter(record -> record.value.getGroupId().equals(group))
                .findFirst()
                .orElseThrow();
    }

    List<Rec<Critique>> critiques(String group) {
        return critiques.stream()
                .filter(record -> record.value.getGroupId().equals(group))
                .toList();
    }

    List<Rec<CritiqueRequest>> requests(String group) {
        return requests.stream()
                .filter(record -> record.value.getGroupId().equals(group))
                .toList();
    }

    List<Rec<Rollout>> rollouts(String group) {
        return rollouts.stream()
                .filter(record ->
                        record.value != null && record.value.getGroupId().equals(group))
                .toList();
    }
}
