/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.avro.specific.SpecificRecord;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.kritik.schema.Message;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.serde.AvroDeserializer;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.core.GroupState;
import dev.kritik.stream.core.GroupState.Closed;
import dev.kritik.stream.core.GroupState.Collecting;
import dev.kritik.stream.core.GroupState.Judging;
import dev.kritik.stream.core.GroupState.Opening;
import dev.kritik.stream.core.GroupState.Roll;
import dev.kritik.stream.core.Hash;
import dev.kritik.stream.core.Indices;
import dev.kritik.stream.core.Member;
import dev.kritik.stream.core.Sample;
import dev.kritik.stream.core.Terms;
import dev.kritik.stream.core.adaptive.Goal;
import dev.kritik.stream.core.jury.Experience;
import dev.kritik.stream.core.jury.Moments;
import dev.kritik.stream.core.rule.Ruling;
import dev.kritik.stream.state.StoredClosed;
import dev.kritik.stream.state.StoredCollecting;
import dev.kritik.stream.state.StoredExperience;
import dev.kritik.stream.state.StoredGroup;
import dev.kritik.stream.state.StoredJudging;
import dev.kritik.stream.state.StoredMember;
import dev.kritik.stream.state.StoredMessage;
import dev.kritik.stream.state.StoredMoments;
import dev.kritik.stream.state.StoredQuery;
import dev.kritik.stream.state.StoredSample;
import dev.kritik.stream.state.StoredScore;
import dev.kritik.stream.state.StoredTerms;
import dev.kritik.stream.state.StoredTrace;

/** The entries of the stores as bytes: Avro, each with the number of its schema in front. See {@link StateSchemas}. */
final class StateCodec {

    private static final StateSchemas SCHEMAS = new StateSchemas();

    private final Form<StoredGroup> groups = new Form<>(StoredGroup.class);
    private final Form<StoredQuery> queries = new Form<>(StoredQuery.class);
    private final Form<StoredMember> members = new Form<>(StoredMember.class);
    private final Form<StoredSample> samples = new Form<>(StoredSample.class);
    private final Form<StoredTrace> traces = new Form<>(StoredTrace.class);
    private final Form<StoredExperience> experiences = new Form<>(StoredExperience.class);

    private static final class Form<T extends SpecificRecord> {

        private final AvroSerializer<T> writer;
        private final AvroDeserializer<T> reader;

        Form(Class<T> type) {
            this.writer = new AvroSerializer<>(SCHEMAS, type);
            this.reader = new AvroDeserializer<>(SCHEMAS, type);
        }

        byte[] write(T entry) {
            return writer.serialize("state", entry);
        }

        T read(byte[] bytes) {
            return reader.deserialize("state", bytes);
        }
    }

    /** A state other than absent. */
    byte[] write(GroupState state) {
        return groups.write(new StoredGroup(
                switch (state) {
                    case GroupState.Absent absent ->
                        throw new IllegalArgumentException("a group that is absent is not kept");
                    case Collecting group ->
                        new StoredCollecting(
                                group.opening().size(),
                                group.opening().openedMs(),
                                group.opening().policyVersion(),
                                group.deadlineMs(),
                                group.capMs(),
                                group.terms() == null ? null : stored(group.terms()),
                                buffer(group.roll().arrived()),
                                buffer(group.roll().rejected()));
                    case Judging group ->
                        new StoredJudging(
                                group.opening().size(),
                                group.opening().openedMs(),
                                group.opening().policyVersion(),
                                group.judgingMs(),
                                group.deadlineMs(),
                                stored(group.terms()),
                                buffer(group.roll().arrived()),
                                buffer(group.roll().rejected()),
                                buffer(group.judged()),
                                group.received(),
                                group.roundMs(),
                                group.asked());
                    case Closed group -> new StoredClosed(group.expiresMs(), buffer(group.known()));
                }));
    }

    /** The state in the bytes; absent for null. */
    GroupState state(byte[] bytes) {
        if (bytes == null) {
            return new GroupState.Absent();
        }
        return switch (groups.read(bytes).getState()) {
            case StoredCollecting group ->
                new Collecting(
                        new Opening(group.getSize(), group.getOpenedMs(), group.getPolicyVersion()),
                        group.getDeadlineMs(),
                        group.getCapMs(),
                        group.getTerms() == null ? null : terms(group.getTerms()),
                        new Roll(indices(group.getArrived()), indices(group.getRejected())));
            case StoredJudging group ->
                new Judging(
                        new Opening(group.getSize(), group.getOpenedMs(), group.getPolicyVersion()),
                        group.getJudgingMs(),
                        group.getRoundMs() == null ? group.getJudgingMs() : group.getRoundMs(),
                        group.getDeadlineMs(),
                        terms(group.getTerms()),
                        new Roll(indices(group.getArrived()), indices(group.getRejected())),
                        indices(group.getJudged()),
                        group.getAsked() == null ? group.getTerms().getK() : group.getAsked(),
                        group.getReceived());
            case StoredClosed group -> new Closed(group.getExpiresMs(), indices(group.getKnown()));
            case Object other -> throw new IllegalStateException("unknown state " + other.getClass());
        };
    }

    byte[] write(Query query) {
        return queries.write(new StoredQuery(
                query.messages().stream()
                        .map(message -> new StoredMessage(message.getRole(), message.getContent()))
                        .toList(),
                query.reference()));
    }

    Query query(byte[] bytes) {
        StoredQuery query = queries.read(bytes);
        return new Query(
                query.getMessages().stream()
                        .map(message -> new Message(message.getRole(), message.getContent()))
                        .toList(),
                query.getReference());
    }

    /** A member with its text, which may be null. */
    byte[] write(Member member, String text) {
        return members.write(new StoredMember(
                ByteBuffer.wrap(member.response().bytes()),
                member.bytes(),
                text,
                member.rejection(),
                member.judgedAs(),
                member.ruling().rule(),
                member.ruling().score(),
                member.ruling().marks()));
    }

    Member member(int index, byte[] bytes) {
        StoredMember member = members.read(bytes);
        return new Member(
                index,
                Hash.from(bytes(member.getResponse())),
                member.getBytes(),
                member.getRejection(),
                member.getJudgedAs(),
                new Ruling(member.getRule(), member.getRuleScore(), member.getMarks()));
    }

    /** The text of a member; null when it is not kept any more. */
    String text(byte[] bytes) {
        return members.read(bytes).getText();
    }

    byte[] write(Sample sample) {
        return samples.write(new StoredSample(
                sample.panel(),
                sample.sample(),
                sample.status(),
                sample.reason(),
                sample.scores().stream()
                        .map(score -> new StoredScore(score.index(), score.score()))
                        .toList(),
                sample.metaLogit(),
                sample.judge(),
                sample.judgeName(),
                sample.replaced(),
                sample.metaModel(),
                sample.promptTokens(),
                sample.completionTokens()));
    }

    Sample sample(byte[] bytes) {
        StoredSample sample = samples.read(bytes);
        return new Sample(
                sample.getPanel(),
                sample.getSample(),
                sample.getStatus(),
                sample.getReason(),
                sample.getScores().stream()
                        .map(score -> new Sample.Score(score.getIndex(), score.getScore()))
                        .toList(),
                sample.getMetaLogit(),
                sample.getJudge(),
                sample.getJudgeName(),
                sample.getReplaced(),
                sample.getMetaModel(),
                sample.getPromptTokens(),
                sample.getCompletionTokens());
    }

    byte[] write(TraceContext trace) {
        return traces.write(new StoredTrace(trace.parent(), trace.state()));
    }

    /** The trace; empty for null. */
    Optional<TraceContext> trace(byte[] bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        StoredTrace stored = traces.read(bytes);
        return TraceContext.parse(stored.getParent(), stored.getState());
    }

    byte[] write(Experience experience) {
        return experiences.write(new StoredExperience(
                experience.groups(),
                new TreeMap<>(experience.judges())
                        .entrySet().stream()
                                .map(judge -> new StoredMoments(
                                        judge.getKey(),
                                        judge.getValue().mean(),
                                        judge.getValue().square()))
                                .toList()));
    }

    /** What was learned; nothing for null. */
    Experience experience(byte[] bytes) {
        if (bytes == null) {
            return Experience.NONE;
        }
        StoredExperience stored = experiences.read(bytes);
        Map<String, Moments> judges = new HashMap<>();
        stored.getJudges()
                .forEach(judge -> judges.put(judge.getName(), new Moments(judge.getMean(), judge.getSquare())));
        return new Experience(stored.getGroups(), judges);
    }

    private static StoredTerms stored(Terms terms) {
        return new StoredTerms(
                ByteBuffer.wrap(terms.messages().bytes()),
                terms.queryBytes(),
                terms.k(),
                terms.kMeta(),
                terms.panelSize(),
                terms.hint(),
                terms.goal().text());
    }

    private static Terms terms(StoredTerms terms) {
        return new Terms(
                Hash.from(bytes(terms.getMessages())),
                terms.getQueryBytes(),
                terms.getK(),
                terms.getKMeta(),
                terms.getPanelSize(),
                terms.getHint(),
                Goal.of(terms.getGoal())
                        .orElseThrow(() -> new IllegalStateException("unknown goal " + terms.getGoal())));
    }

    private static ByteBuffer buffer(Indices indices) {
        return ByteBuffer.wrap(indices.bytes());
    }

    private static Indices indices(ByteBuffer buffer) {
        return Indices.from(bytes(buffer));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
