/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

import dev.kritik.monitor.lag.GroupPositions.Position;
import dev.kritik.monitor.lag.LagReport.Ends;
import dev.kritik.monitor.lag.LagReport.Group;
import dev.kritik.monitor.lag.OldestRecords.Place;
import dev.kritik.schema.config.KafkaSettings;

/**
 * Lag as the brokers know it: of every group, consumer group or share group, that stands somewhere in the installation's
 * topics, whether it has members or not.
 *
 * <p>Records are counted as {@code kafka-consumer-groups} and {@code kafka-share-groups} count them, against the high
 * watermark: what open transactions have written counts before it may be read, and so does what was aborted, and the marker
 * at the end of each transaction. So a group that has read everything can be said to be one record behind. The seconds are
 * those of records that may be read: they are 0 for such a group.
 *
 * <p>Needs DESCRIBE on topics and groups, and READ on the topics for the seconds. Safe for use by many threads, one look at a
 * time.
 */
public final class BrokerLag implements LagSource, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerLag.class);

    /** How long a look may take where nobody says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Comparator<PartitionLag> ORDER = Comparator.comparing(PartitionLag::group)
            .thenComparing(PartitionLag::kind)
            .thenComparing(PartitionLag::topic)
            .thenComparingInt(PartitionLag::partition);

    private final Set<String> topics;
    private final Duration patience;
    private final Clock clock;
    private final Admin admin;
    private final OldestRecords records;
    private final Settled settled = new Settled();
    private Set<String> told = Set.of();

    /** Connects with the brokers, in the background; waits {@link #PATIENCE} for each look. */
    public BrokerLag(KafkaSettings kafka) {
        this(kafka, PATIENCE, Clock.systemUTC());
    }

    /**
     * The same.
     *
     * @param patience how long a look may take; what is not known by then is left out
     * @param clock tells the age of records
     */
    public BrokerLag(KafkaSettings kafka, Duration patience, Clock clock) {
        this.topics = Set.copyOf(kafka.topics().all());
        this.patience = patience;
        this.clock = clock;
        this.records = new OldestRecords(kafka);
        this.admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "kritik-lag",
                // Nobody waits for an answer any more once the look is over; by default a minute.
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(patience.toMillis()),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(patience.toMillis()))));
    }

    /** {@inheritDoc} What could not be read of single groups is missing, and stands in the log when it begins. */
    @Override
    public List<PartitionLag> read() {
        return report().lags();
    }

    /**
     * Looks once.
     *
     * @return with everything that could be had in time
     * @throws KafkaException if the brokers don't even tell which groups there are, or nothing about any topic
     */
    public synchronized LagReport report() {
        Instant at = clock.instant();
        Answers answers = new Answers(patience);
        // Positions before ends: a group that reads on meanwhile is said to be behind a little, never ahead.
        List<GroupPositions> groups = new Groups(admin, answers).reading(topics);
        Map<TopicPartition, Ends> ends = new TopicEnds(admin, answers).of(topics);
        settled.look(groups, ends);
        if (ends.isEmpty() && !answers.problems().isEmpty()) {
            throw new KafkaException(
                    "no topic can be looked at: " + answers.problems().getFirst());
        }
        List<PartitionLag> lags = withAges(lags(groups, ends), answers);
        List<Group> known = groups.stream()
                .map(GroupPositions::group)
                .sorted(Comparator.comparing(Group::id).thenComparing(Group::kind))
                .toList();
        tell(answers.problems());
        return new LagReport(at, lags, known, List.copyOf(ends.values()), answers.problems());
    }

    private static List<PartitionLag> lags(List<GroupPositions> groups, Map<TopicPartition, Ends> ends) {
        List<PartitionLag> lags = new ArrayList<>();
        for (GroupPositions group : groups) {
            group.positions().forEach((partition, position) -> {
                Ends end = ends.get(partition);
                if (end != null) { // else the topic is gone, or its end can't be had, which has been said
                    lags.add(lag(group.group(), position, end));
                }
            });
        }
        lags.sort(ORDER);
        return lags;
    }

    private static PartitionLag lag(Group group, Position position, Ends ends) {
        OptionalLong records = switch (group.kind()) {
            case SHARE -> position.lag();
            case CONSUMER ->
                position.offset().isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(
                                Math.max(0, ends.written() - position.offset().getAsLong()));
        };
        boolean nothingWaits = records.isPresent() && records.getAsLong() == 0;
        boolean nothingReadable =
                position.offset().isPresent() && position.offset().getAsLong() >= ends.end();
        return new PartitionLag(
                group.id(),
                group.kind(),
                ends.topic(),
                ends.partition(),
                position.offset(),
                ends.end(),
                records,
                nothingWaits || nothingReadable ? OptionalDouble.of(0) : OptionalDouble.empty());
    }

    /** Fetches the oldest record wherever there may be one. */
    private List<PartitionLag> withAges(List<PartitionLag> lags, Answers answers) {
        Set<Place> places = new HashSet<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (PartitionLag lag : lags) {
            if (lag.seconds().isEmpty() && lag.position().isPresent()) {
                places.add(place(lag));
                ends.put(place(lag).partition(), lag.end());
            }
        }
        Map<Place, Long> timestamps = places.isEmpty() ? Map.of() : records.timestamps(places, ends, answers);
        long now = clock.millis();
        return lags.stream()
                .map(lag -> lag.seconds().isPresent() || lag.position().isEmpty()
                        ? lag
                        : withSeconds(lag, seconds(timestamps.get(place(lag)), now)))
                .toList();
    }

    private Place place(PartitionLag lag) {
        TopicPartition partition = new TopicPartition(lag.topic(), lag.partition());
        return new Place(
                partition, Math.max(lag.position().getAsLong(), settled.before(lag.group(), lag.kind(), partition)));
    }

    /** The clock of whoever wrote the record may go before ours: then it is new. */
    private static OptionalDouble seconds(Long timestamp, long now) {
        if (timestamp == null || timestamp == -1) { // not found, or a record without one
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(timestamp == OldestRecords.NOTHING ? 0 : Math.max(0, now - timestamp) / 1000.0);
    }

    private static PartitionLag withSeconds(PartitionLag lag, OptionalDouble seconds) {
        return new PartitionLag(
                lag.group(),
                lag.kind(),
                lag.topic(),
                lag.partition(),
                lag.position(),
                lag.end(),
                lag.records(),
                seconds);
    }

    /** Each problem once, when it begins. */
    private void tell(List<String> problems) {
        problems.stream()
                .filter(problem -> !told.contains(problem))
                .forEach(problem ->
                        LOGGER.atWarn().addKeyValue("problem", problem).log("lag is not known everywhere"));
        told = Set.copyOf(problems);
    }

    @Override
    public synchronized void close() {
        records.close();
        admin.close(Duration.ZERO); // nobody waits for answers any more
    }
}
