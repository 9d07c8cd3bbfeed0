/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.stream.core.Rules;
import dev.kritik.stream.core.adaptive.Adaptive;
import dev.kritik.stream.core.adaptive.Goal;

/**
 * The keys of the stream application: {@code stream.*}, and {@code rules} with the keys of {@link RuleConfig}.
 *
 * @param rules what the core goes by
 * @param maxRewardBytes most bytes of a reward with its votes
 * @param maxDeadLetterBytes most bytes of a dead letter's value
 * @param commitIntervalMs time between commits of a busy thread, in milliseconds
 * @param threads threads that process records
 * @param instanceId name of this instance among those of the application; empty for a passing one
 * @param standbyReplicas further instances that keep each task's state
 * @param replication copies of the internal topics; -1 for the broker's default
 * @param stateDir where state is kept on disk
 * @param rocksdbBytes memory of all state stores together, outside of the heap
 */
public record StreamConfig(
        Rules rules,
        int maxRewardBytes,
        int maxDeadLetterBytes,
        long commitIntervalMs,
        int threads,
        Optional<String> instanceId,
        int standbyReplicas,
        int replication,
        Path stateDir,
        long rocksdbBytes) {

    public static final String K = "stream.k";
    public static final String GOAL = "stream.goal";
    public static final String K_FIRST = "stream.k.first";
    public static final String K_STEP = "stream.k.step";
    public static final String CONFIDENCE = "stream.confidence";
    public static final String ADAPTIVE_LOSS = "stream.adaptive.loss";
    public static final String K_META = "stream.k.meta";
    public static final String PANEL_SIZE = "stream.panel.size";
    public static final String SAMPLES_PER_REQUEST = "stream.samples.per.request";
    public static final String MIN_RESPONSES = "stream.min.responses";
    public static final String MIN_VOTES = "stream.min.votes";
    public static final String COLLECT_TIMEOUT = "stream.collect.timeout.ms";
    public static final String EVALUATE_TIMEOUT = "stream.evaluate.timeout.ms";
    public static final String CLOSED_RETENTION = "stream.closed.retention.ms";
    public static final String MAX_GROUP_SIZE = "stream.max.group.size";
    public static final String MAX_K = "stream.max.k";
    public static final String MAX_RESPONSE_BYTES = "stream.max.response.bytes";
    public static final String MAX_MESSAGES_BYTES = "stream.max.messages.bytes";
    public static final String MAX_REQUEST_BYTES = "stream.max.request.bytes";
    public static final String MAX_GROUP_REQUEST_BYTES = "stream.max.group.request.bytes";
    public static final String MAX_REWARD_BYTES = "stream.max.reward.bytes";
    public static final String MAX_DEAD_LETTER_BYTES = "stream.max.dead.letter.bytes";
    public static final String COMMIT_INTERVAL = "stream.commit.interval.ms";
    public static final String THREADS = "stream.threads";
    public static final String INSTANCE_ID = "stream.instance.id";
    public static final String STANDBY_REPLICAS = "stream.standby.replicas";
    public static final String REPLICATION = "stream.replication";
    public static final String STATE_DIR = "stream.state.dir";
    public static final String ROCKSDB_BYTES = "stream.rocksdb.bytes";

    public static final String RULES = RuleConfig.KEYS.list();

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final long MINUTE_MS = 60_000;

    /** Ten years: as good as for ever, and sums with it stay in range. */
    private static final long MOST_MS = 10L * 365 * 24 * 60 * MINUTE_MS;

    /** Above this, sizes no longer fit into records that brokers and clients can be set up for. */
    private static final int MOST_BYTES = 256 * MIB;

    private static final Pattern LEGAL_INSTANCE_ID = Pattern.compile("[a-zA-Z0-9._-]{0,150}");

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    K,
                    ConfigDef.Type.INT,
                    8,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Samples of critiques for each response, where the rollout does not say; with a goal other than fixed,"
                            + " the most. Cost grows with it.")
            .define(
                    GOAL,
                    ConfigDef.Type.STRING,
                    Goal.ADVANTAGES.text(),
                    ConfigDef.ValidString.in(Goal.FIXED.text(), Goal.BEST.text(), Goal.ADVANTAGES.text()),
                    Importance.HIGH,
                    "What rewards are for, where the rollout does not say. fixed: every response gets all k samples at once."
                            + " best: samples are asked for in rounds until it is settled which response is the best (stream.confidence)."
                            + " advantages: in rounds, until the rewards, normalised within the group, are settled"
                            + " (stream.adaptive.loss).")
            .define(
                    K_FIRST,
                    ConfigDef.Type.INT,
                    2,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Samples of the first round, with a goal other than fixed; k, if that is less; as many as a jury has judges, if that is more. With 1 nothing is known of how"
                            + " steady the judge is, and only an assumption stands in for it.")
            .define(
                    K_STEP,
                    ConfigDef.Type.INT,
                    1,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Samples of each further round. More make fewer rounds, and so a shorter wait, for more samples.")
            .define(
                    CONFIDENCE,
                    ConfigDef.Type.DOUBLE,
                    0.97,
                    Range.between(0.5, 1.0),
                    Importance.MEDIUM,
                    "Goal best: how likely, at least, the best response must be to stay the best if all k samples were asked for;"
                            + " 0.97 stops when the chance of another outcome is at most 3 in 100. 1 stops only when nothing can change"
                            + " it. Also for a response that has none to compare with: its reward must stay within half a point.")
            .define(
                    ADAPTIVE_LOSS,
                    ConfigDef.Type.DOUBLE,
                    0.0125,
                    Range.between(0.0, 1.0),
                    Importance.MEDIUM,
                    "Goal advantages: what the expected correlation of the rewards, normalised within the group, with those"
                            + " after all k samples may lack of 1.")
            .define(
                    K_META,
                    ConfigDef.Type.INT,
                    null,
                    noneOrNotNegative(),
                    Importance.HIGH,
                    "Votes for each response that the Meta RM's filter keeps, where the rollout does not say: a number, or"
                            + " 0 for all. When not set, half of the valid ones (rounded down, at least 1). Has no effect"
                            + " where no Meta RM runs.")
            .define(
                    PANEL_SIZE,
                    ConfigDef.Type.INT,
                    8,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Most responses in one prompt, where the rollout does not say; 1 judges each response alone. Larger"
                            + " groups are cut into panels, anew for each sample.")
            .define(
                    SAMPLES_PER_REQUEST,
                    ConfigDef.Type.INT,
                    8,
                    Range.between(1, 1024),
                    Importance.MEDIUM,
                    "Most samples that one request to a worker carries, where all of them judge the same panel. More save"
                            + " work in Kafka and share a prompt's prefix; fewer spread a group over more workers.")
            .define(
                    MIN_RESPONSES,
                    ConfigDef.Type.INT,
                    1,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Responses below which a group whose collection time is over is not judged, but ends as TIMEOUT.")
            .define(
                    MIN_VOTES,
                    ConfigDef.Type.INT,
                    1,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Valid votes below which a response gets no reward.")
            .define(
                    COLLECT_TIMEOUT,
                    ConfigDef.Type.LONG,
                    10 * MINUTE_MS,
                    Range.between(1, MOST_MS),
                    Importance.HIGH,
                    "Milliseconds for which a group waits for its members, from the first one; then what is there is"
                            + " judged. With a rollout's deadline_ms, half of the time until then at most.")
            .define(
                    EVALUATE_TIMEOUT,
                    ConfigDef.Type.LONG,
                    10 * MINUTE_MS,
                    Range.between(1, MOST_MS),
                    Importance.HIGH,
                    "Milliseconds for which a group waits for its critiques; then the valid ones are counted. A rollout's"
                            + " deadline_ms may end it earlier.")
            .define(
                    CLOSED_RETENTION,
                    ConfigDef.Type.LONG,
                    6 * 60 * MINUTE_MS,
                    Range.between(1, MOST_MS),
                    Importance.MEDIUM,
                    "Milliseconds for which a closed group is remembered. Must be longer than a rollout can be late or come"
                            + " again: after that it would open the group anew, and a second record would follow.")
            .define(
                    MAX_GROUP_SIZE,
                    ConfigDef.Type.INT,
                    1024,
                    Range.between(1, 65_536),
                    Importance.LOW,
                    "Most members of a group.")
            .define(
                    MAX_K,
                    ConfigDef.Type.INT,
                    64,
                    Range.between(1, 1024),
                    Importance.LOW,
                    "Most samples for each response that a rollout may ask for.")
            .define(
                    MAX_RESPONSE_BYTES,
                    ConfigDef.Type.INT,
                    256 * KIB,
                    Range.between(1, MOST_BYTES),
                    Importance.MEDIUM,
                    "Most bytes (UTF-8) of a response. A longer one is rejected, and the group does not wait for it.")
            .define(
                    MAX_MESSAGES_BYTES,
                    ConfigDef.Type.INT,
                    512 * KIB,
                    Range.between(1, MOST_BYTES),
                    Importance.MEDIUM,
                    "Most bytes (UTF-8) of a conversation with its reference answer, some bytes for each message on top.")
            .define(
                    MAX_REQUEST_BYTES,
                    ConfigDef.Type.INT,
                    8 * MIB,
                    Range.between(KIB, MOST_BYTES),
                    Importance.MEDIUM,
                    "Most bytes of a request to a worker. A group that needs a larger one ends as FAILED with the reason"
                            + " REQUEST_TOO_LARGE. The topic's max.message.bytes must allow it.")
            .define(
                    MAX_GROUP_REQUEST_BYTES,
                    ConfigDef.Type.LONG,
                    64L * MIB,
                    Range.atLeast(KIB),
                    Importance.LOW,
                    "Most bytes of all requests of one group together, as if all k samples were asked for at once: then they are written"
                            + " in one transaction. A group that needs more ends as FAILED with the reason REQUEST_TOO_LARGE.")
            .define(
                    MAX_REWARD_BYTES,
                    ConfigDef.Type.INT,
                    1_000_000,
                    Range.between(KIB, MOST_BYTES),
                    Importance.LOW,
                    "Most bytes of a reward. A larger one, which takes some ten thousand votes, goes without its votes and"
                            + " says so. The topic's max.message.bytes must allow it.")
            .define(
                    MAX_DEAD_LETTER_BYTES,
                    ConfigDef.Type.INT,
                    1_000_000,
                    Range.between(KIB, MOST_BYTES),
                    Importance.LOW,
                    "Most bytes of a dead letter's value. A larger one is cut to this size and says so; the whole stands"
                            + " where it was read.")
            .define(
                    RULES,
                    ConfigDef.Type.LIST,
                    RuleConfig.KEYS.standard(),
                    Importance.MEDIUM,
                    "Names of the rules that look at each response before judges do, separated by commas: the first that holds and"
                            + " binds decides. Each has keys of its own, rule.NAME.check and so on. Empty: no rules.")
            .define(
                    COMMIT_INTERVAL,
                    ConfigDef.Type.LONG,
                    50L,
                    Range.between(1, 10_000),
                    Importance.MEDIUM,
                    "Milliseconds between commits of a busy thread. What is written can be read at the next commit: a rollout"
                            + " waits for one before workers see its request, and its reward for another. While there is"
                            + " little to do, requests and rewards are committed at once, every 10 ms at most. A thread that"
                            + " is behind, so that records wait for longer than that, and one that wrote nothing that"
                            + " anybody waits for, commits after four times as long, but a second at most.")
            .define(
                    THREADS,
                    ConfigDef.Type.INT,
                    2,
                    Range.between(1, 256),
                    Importance.MEDIUM,
                    "Threads that process records. More than partitions are of no use.")
            .define(
                    INSTANCE_ID,
                    ConfigDef.Type.STRING,
                    "",
                    ConfigDef.LambdaValidator.with(
                            (name, value) -> {
                                if (!LEGAL_INSTANCE_ID.matcher((String) value).matches()) {
                                    throw new ConfigException(name, value, "use letters, digits, '.', '_' and '-'");
                                }
                            },
                            () -> "at most 150 letters, digits, '.', '_' and '-'"),
                    Importance.MEDIUM,
                    "Stable name of this instance, different for each, such as a pod's name in a StatefulSet. With it, a"
                            + " restart within 10 seconds moves no partitions. Without it, partitions move at each stop.")
            .define(
                    STANDBY_REPLICAS,
                    ConfigDef.Type.INT,
                    0,
                    Range.atLeast(0),
                    Importance.MEDIUM,
                    "Other instances that keep a copy of each task's state, to take over fast. 1 is right for two and more"
                            + " instances.")
            .define(
                    REPLICATION,
                    ConfigDef.Type.INT,
                    3,
                    ConfigDef.LambdaValidator.with(
                            (name, value) -> {
                                int copies = (Integer) value;
                                if (copies != -1 && (copies < 1 || copies > Short.MAX_VALUE)) {
                                    throw new ConfigException(name, value, "1 or more, or -1 for the broker's default");
                                }
                            },
                            () -> "1 or more, or -1"),
                    Importance.HIGH,
                    "Copies of the internal topics that back up the state. -1: as the brokers' default says. A cluster of"
                            + " one broker needs 1.")
            .define(
                    STATE_DIR,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.HIGH,
                    "Folder for the state on disk, a copy of what stands on the internal topics. When not set,"
                            + " '.kritik/stream' in the user's home. Not to be shared by processes.")
            .define(
                    ROCKSDB_BYTES,
                    ConfigDef.Type.LONG,
                    128L * MIB,
                    Range.atLeast(MIB),
                    Importance.LOW,
                    "Bytes of memory outside of the Java heap for all state stores of this process together.");

    /** Milliseconds between commits of a thread that is behind, or on which nobody waits. */
    public long longestCommitIntervalMs() {
        return Math.max(commitIntervalMs, Math.min(4 * commitIntervalMs, 1000));
    }

    /**
     * Reads the keys out of all configuration.
     *
     * @throws ConfigError if a value is wrong; names the key
     */
    public static StreamConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        int k = config.getInt(K);
        if (k > config.getInt(MAX_K)) {
            throw new ConfigError(K + " is " + k + ", more than " + MAX_K + " allows, " + config.getInt(MAX_K));
        }
        if (config.getInt(MIN_VOTES) > k) {
            throw new ConfigError(MIN_VOTES + " is " + config.getInt(MIN_VOTES) + ", more than the " + k
                    + " samples of " + K + ": no response could ever get a reward");
        }
        var limits = new Rules.Limits(
                config.getInt(MAX_GROUP_SIZE),
                config.getInt(MAX_K),
                config.getInt(MAX_RESPONSE_BYTES),
                config.getInt(MAX_MESSAGES_BYTES),
                config.getInt(MAX_REQUEST_BYTES),
                config.getLong(MAX_GROUP_REQUEST_BYTES));
        var rules = new Rules(
                k,
                config.getInt(K_META),
                config.getInt(PANEL_SIZE),
                config.getInt(SAMPLES_PER_REQUEST),
                config.getInt(MIN_RESPONSES),
                config.getInt(MIN_VOTES),
                config.getLong(COLLECT_TIMEOUT),
                config.getLong(EVALUATE_TIMEOUT),
                config.getLong(CLOSED_RETENTION),
                new Adaptive(
                        Goal.of(config.getString(GOAL)).orElseThrow(),
                        config.getInt(K_FIRST),
                        config.getInt(K_STEP),
                        config.getDouble(CONFIDENCE),
                        config.getDouble(ADAPTIVE_LOSS)),
                JuryConfig.from(all),
                limits,
                RuleConfig.book(all));
        String instanceId = config.getString(INSTANCE_ID);
        String stateDir = config.getString(STATE_DIR);
        return new StreamConfig(
                rules,
                config.getInt(MAX_REWARD_BYTES),
                config.getInt(MAX_DEAD_LETTER_BYTES),
                config.getLong(COMMIT_INTERVAL),
                config.getInt(THREADS),
                instanceId.isEmpty() ? Optional.empty() : Optional.of(instanceId),
                config.getInt(STANDBY_REPLICAS),
                config.getInt(REPLICATION),
                stateDir.isEmpty() ? Path.of(System.getProperty("user.home"), ".kritik", "stream") : Path.of(stateDir),
                config.getLong(ROCKSDB_BYTES));
    }

    private static ConfigDef.Validator noneOrNotNegative() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && (Integer) value < 0) {
                        throw new ConfigException(name, value, "0 or more");
                    }
                },
                () -> "not set, or 0 or more");
    }
}
