/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.schema.CritiqueRequest;
import dev.kritik.schema.DeadLetter;
import dev.kritik.schema.GroupReward;
import dev.kritik.schema.PanelResponse;
import dev.kritik.schema.SampleSpec;
import dev.kritik.schema.Topics;
import dev.kritik.schema.TraceContext;
import dev.kritik.schema.TraceHeaders;
import dev.kritik.schema.registry.SchemaRegistry;
import dev.kritik.schema.serde.AvroSerializer;
import dev.kritik.stream.core.Effect;
import dev.kritik.stream.core.GroupId;
import dev.kritik.stream.core.Plan;
import dev.kritik.telemetry.TraceLog;

/**
 * What goes out of a task: requests, rewards, dead letters. All records carry the time at which they were made, not that
 * of what caused them: a rollout that is read again after a month must not give a reward that retention deletes at once.
 */
final class Outbox {

    static final String REQUESTS = "critique-requests-sink";
    static final String REWARDS = "rewards-sink";
    static final String DEAD_LETTERS = "dead-letters-sink";

    // A dead letter must fit into its topic, whatever is wrong with it: one that does not would come again for ever.
    private static final int MOST_DETAIL = 4 * 1024;
    private static final int MOST_HEADER_BYTES = 32 * 1024;
    private static final int MOST_KEY_BYTES = 8 * 1024;

    private static final Logger LOGGER = LoggerFactory.getLogger(Outbox.class);
    private static final String BY = "stream-app";

    private final ProcessorContext<byte[], byte[]> context;
    private final Topics topics;
    private final Sizes sizes;
    private final AvroSerializer<CritiqueRequest> requests;
    private final AvroSerializer<GroupReward> rewards;
    private final LogThrottle throttle = new LogThrottle();

    /**
     * Limits in bytes.
     *
     * @param samplesPerRequest most samples in one request
     * @param rewardBytes most bytes of a reward with its votes; a longer one goes without them
     * @param deadLetterBytes most bytes of a dead letter's value; a longer one is cut
     */
    record Sizes(int samplesPerRequest, int rewardBytes, int deadLetterBytes) {}

    Outbox(ProcessorContext<byte[], byte[]> context, Topics topics, SchemaRegistry registry, Sizes sizes) {
        this.context = context;
        this.topics = topics;
        this.sizes = sizes;
        this.requests = new AvroSerializer<>(registry, CritiqueRequest.class);
        this.rewards = new AvroSerializer<>(registry, GroupReward.class);
    }

    /** Sends the requests for what was not asked for before, each a hop of the group's trace; returns how many. */
    int ask(GroupId id, Effect.Ask ask, GroupStore store, Optional<TraceContext> trace) {
        Query query = store.query(id);
        Map<Integer, String> texts = new HashMap<>();
        ask.plan().responses().forEach(index -> texts.put(index, store.text(id, index)));
        List<Plan.Request> planned = ask.plan().requests(ask.before(), sizes.samplesPerRequest());
        for (Plan.Request request : planned) {
            String requestId = id + "/" + request.panel() + "/"
                    + request.samples().getFirst().sample();
            var record = CritiqueRequest.newBuilder()
                    .setRequestId(requestId)
                    .setJobId(id.job())
                    .setGroupId(id.group())
                    .setGroupAttempt(id.attempt())
                    .setPartition(context.taskId().partition())
                    .setPanel(request.panel())
                    .setMessages(query.messages())
                    .setReference(query.reference())
                    .setHint(ask.hint().best())
                    .setHintScore(ask.hint().score())
                    .setResponses(request.responses().stream()
                            .map(index -> new PanelResponse(index, texts.get(index)))
                            .toList())
                    .setSamples(request.samples().stream()
                            .map(sample ->
                                    new SampleSpec(sample.sample(), sample.seed(), sample.order(), sample.judge()))
                            .toList())
                    .setDeadlineMs(ask.deadlineMs())
                    .setCreatedMs(ask.nowMs())
                    .build();
            byte[] value = requests.serialize(topics.critiqueRequests(), record);
            forward(REQUESTS, utf8(requestId), value, headers(trace, "request " + requestId));
        }
        return planned.size();
    }

    /** Writes the terminal record, the last hop of the group's trace. */
    void close(GroupReward reward, Optional<TraceContext> trace) {
        byte[] value = rewards.serialize(topics.rewards(), reward);
        if (value.length > sizes.rewardBytes()) {
            String note =
                    "the " + reward.getVotes().size() + " votes are left out, for with them the record would have "
                            + value.length + " bytes; the topic " + topics.critiques() + " holds them";
            GroupReward shorter = GroupReward.newBuilder(reward)
                    .setVotes(List.of())
                    .setDetail(reward.getDetail() == null ? note : reward.getDetail() + "; " + note)
                    .build();
            value = rewards.serialize(topics.rewards(), shorter);
            if (value.length > sizes.rewardBytes()) {
                // What is left that a worker's words can make long.
                value = rewards.serialize(
                        topics.rewards(),
                        GroupReward.newBuilder(shorter)
                                .setModels(List.of())
                                .setMetaModels(List.of())
                                .setDetail(cut(shorter.getDetail()))
                                .build());
            }
        }
        var id = new GroupId(reward.getJobId(), reward.getGroupId(), reward.getGroupAttempt());
        forward(REWARDS, utf8(id.key()), value, headers(trace, "reward " + id));
    }

    private static Headers headers(Optional<TraceContext> trace, String hop) {
        Headers headers = new RecordHeaders();
        trace.ifPresent(context -> TraceHeaders.put(headers, context.next(hop)));
        return headers;
    }

    /** Puts a record aside as it was read, its own headers kept, with the reason in further headers. */
    void discard(Source source, String reason, String detail) {
        byte[] value = source.value();
        String said = cut(detail);
        if (value != null && value.length > sizes.deadLetterBytes()) {
            said += "; of the value's " + value.length + " bytes the first " + sizes.deadLetterBytes()
                    + " are kept here, the whole stands where it was read";
            value = Arrays.copyOf(value, sizes.deadLetterBytes());
        }
        Headers headers = new RecordHeaders();
        int theirs = bytes(source.headers());
        if (theirs <= MOST_HEADER_BYTES) {
            headers = new RecordHeaders(source.headers().toArray());
        } else {
            said += "; its own headers, " + theirs + " bytes, are left out";
        }
        byte[] key = source.key();
        if (key != null && key.length > MOST_KEY_BYTES) {
            said += "; of the key's " + key.length + " bytes the first " + MOST_KEY_BYTES + " are kept";
            key = Arrays.copyOf(key, MOST_KEY_BYTES);
        }
        set(headers, DeadLetter.REASON, reason);
        set(headers, DeadLetter.DETAIL, said);
        set(headers, DeadLetter.TOPIC, source.topic());
        set(headers, DeadLetter.PARTITION, Integer.toString(source.partition()));
        set(headers, DeadLetter.OFFSET, Long.toString(source.offset()));
        set(headers, DeadLetter.BY, BY);
        throttle.allow(reason).ifPresent(unsaid -> {
            // What a worker writes is our own: there a bad record is a fault of ours, not of a user.
            var level = source.topic().equals(topics.critiques()) ? LOGGER.atError() : LOGGER.atWarn();
            TraceLog.with(level, TraceHeaders.of(source.headers()))
                    .addKeyValue("reason", reason)
                    .addKeyValue("topic", source.topic())
                    .addKeyValue("partition", source.partition())
                    .addKeyValue("offset", source.offset())
                    .addKeyValue("unlogged", unsaid)
                    .log("record put among the dead letters");
        });
        forward(DEAD_LETTERS, key, value, headers);
    }

    private static String cut(String detail) {
        return detail == null || detail.length() <= MOST_DETAIL ? detail : detail.substring(0, MOST_DETAIL) + " …";
    }

    private static int bytes(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private void forward(String sink, byte[] key, byte[] value, Headers headers) {
        context.forward(new Record<>(key, value, context.currentSystemTimeMs(), headers), sink);
    }

    private static void set(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, utf8(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
