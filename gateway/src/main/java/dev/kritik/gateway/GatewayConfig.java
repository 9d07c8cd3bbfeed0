/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.gateway;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.kritik.gateway.http.HttpConfig;
import dev.kritik.gateway.jobs.Memory;
import dev.kritik.gateway.protocol.Terms;
import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.Secret;

/**
 * The keys of the gateway, {@code gateway.*}.
 *
 * @param http the server
 * @param memory what an instance remembers of jobs
 * @param terms what holds for requests
 */
public record GatewayConfig(HttpConfig http, Memory memory, Terms terms) {

    public static final String ADDRESS = "gateway.http.address";
    public static final String TOKEN_ENV = "gateway.http.token.env";
    public static final String MAX_BODY_BYTES = "gateway.http.max.body.bytes";
    public static final String MAX_HEADER_BYTES = "gateway.http.max.header.bytes";
    public static final String MAX_CONNECTIONS = "gateway.http.max.connections";
    public static final String IDLE_TIMEOUT = "gateway.http.idle.timeout.ms";
    public static final String THREADS = "gateway.http.threads";
    public static final String MAX_WAITING = "gateway.max.waiting";
    public static final String MAX_WAITING_BYTES = "gateway.max.waiting.bytes";
    public static final String MAX_RESPONSES = "gateway.max.responses";
    public static final String MAX_GROUP_BYTES = "gateway.max.group.bytes";
    public static final String JOB = "gateway.job";
    public static final String TIMEOUT = "gateway.timeout.ms";
    public static final String REMEMBER = "gateway.remember.ms";
    public static final String REMEMBER_MAX = "gateway.remember.max";
    public static final String COALESCE = "gateway.coalesce.ms";
    public static final String LABEL_REFERENCE = "gateway.label.reference";
    public static final String OPENRLHF_LIMIT = "gateway.openrlhf.limit.ms";
    public static final String END_TOKENS = "gateway.end.tokens";
    public static final String SLIME_LIMIT = "gateway.slime.limit.ms";
    public static final String NEMO_LIMIT = "gateway.nemo.limit.ms";
    public static final String NEMO_GROUP_SIZE = "gateway.nemo.group.size";

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;
    private static final int MOST_BYTES = 256 * MIB;

    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    ADDRESS,
                    ConfigDef.Type.STRING,
                    "127.0.0.1:8380",
                    Address.VALIDATOR,
                    Importance.HIGH,
                    "Where the gateway listens, host:port. 0.0.0.0 or [::] for all addresses of the machine: then set a"
                            + " token, and let a proxy in front speak TLS. Port 0 takes a free one.")
            .define(
                    TOKEN_ENV,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.HIGH,
                    "Environment variable with the token that clients send as 'Authorization: Bearer TOKEN'. When not set,"
                            + " everyone who reaches the address may ask. /health/live and /health/ready need none.")
            .define(
                    MAX_BODY_BYTES,
                    ConfigDef.Type.INT,
                    8 * MIB,
                    Range.between(KIB, MOST_BYTES),
                    Importance.MEDIUM,
                    "Most bytes of a request's body; a larger one is answered with 413.")
            .define(
                    MAX_HEADER_BYTES,
                    ConfigDef.Type.INT,
                    16 * KIB,
                    Range.between(KIB, MIB),
                    Importance.LOW,
                    "Most bytes of a request's line and headers; more are answered with 431.")
            .define(
                    MAX_CONNECTIONS,
                    ConfigDef.Type.INT,
                    10_000,
                    Range.between(1, 1_000_000),
                    Importance.LOW,
                    "Most connections at once; further clients wait for one to close. Each takes a file descriptor.")
            .define(
                    IDLE_TIMEOUT,
                    ConfigDef.Type.LONG,
                    MINUTE_MS,
                    Range.between(100, DAY_MS),
                    Importance.LOW,
                    "Milliseconds without a byte after which a connection is closed: between requests, within a body, and"
                            + " while an answer is written. Waiting for a judgement is not idle.")
            .define(
                    THREADS,
                    ConfigDef.Type.INT,
                    8,
                    Range.between(6, 1024),
                    Importance.LOW,
                    "Most threads of the HTTP server. Waiting callers take none.")
            .define(
                    MAX_WAITING,
                    ConfigDef.Type.INT,
                    5_000,
                    Range.between(1, 1_000_000),
                    Importance.MEDIUM,
                    "Most callers that wait at once; further ones are answered with 503 and Retry-After.")
            .define(
                    MAX_WAITING_BYTES,
                    ConfigDef.Type.LONG,
                    128L * MIB,
                    Range.atLeast(MIB),
                    Importance.MEDIUM,
                    "Most bytes of bodies in memory at once; further requests are answered with 503 and Retry-After. Bodies"
                            + " leave when their rollouts stand in line to be written, where as much again has room; those of"
                            + " /verify with the answer, which repeats them. The heap must hold about four times as much.")
            .define(
                    MAX_RESPONSES,
                    ConfigDef.Type.INT,
                    64,
                    Range.between(1, 1024),
                    Importance.MEDIUM,
                    "Most responses in one request.")
            .define(
                    MAX_GROUP_BYTES,
                    ConfigDef.Type.INT,
                    32 * MIB,
                    Range.between(KIB, MOST_BYTES),
                    Importance.MEDIUM,
                    "Most bytes (UTF-8) of all rollouts that one request becomes. Each repeats the conversation, so that a"
                            + " small request with many responses to a long conversation can become large. More are answered"
                            + " with 413.")
            .define(
                    JOB,
                    ConfigDef.Type.STRING,
                    "gateway",
                    jobId(),
                    Importance.MEDIUM,
                    "Job of requests that name none: 1 to 200 characters, no '/'.")
            .define(
                    TIMEOUT,
                    ConfigDef.Type.LONG,
                    10 * MINUTE_MS,
                    Range.between(100, DAY_MS),
                    Importance.HIGH,
                    "Milliseconds that a judgement may take, from the request on, where the request does not say. Becomes the"
                            + " deadline_ms of the rollouts. May be longer than a client waits: when it asks again, it waits"
                            + " for the same judgement.")
            .define(
                    REMEMBER,
                    ConfigDef.Type.LONG,
                    6 * 60 * MINUTE_MS,
                    Range.between(MINUTE_MS, 30 * DAY_MS),
                    Importance.MEDIUM,
                    "Milliseconds for which jobs are remembered after their last event; then their ids are unknown (404). An"
                            + " instance that starts reads this much of the topics first. Not less than"
                            + " stream.closed.retention.ms: the stream application drops a job that it still remembers.")
            .define(
                    REMEMBER_MAX,
                    ConfigDef.Type.INT,
                    50_000,
                    Range.between(1, 100_000_000),
                    Importance.MEDIUM,
                    "Most jobs that are remembered; beyond, the oldest are forgotten. One takes about 1 KB of memory and 200"
                            + " bytes for each response. Groups that come from elsewhere count too.")
            .define(
                    COALESCE,
                    ConfigDef.Type.LONG,
                    10 * MINUTE_MS,
                    Range.between(10_000, DAY_MS),
                    Importance.MEDIUM,
                    "Milliseconds after a judgement for which an equal request without an id is answered with it; after that"
                            + " the content is judged anew. While the judgement runs, equal requests wait for it. A judgement"
                            + " that failed is not repeated to anybody: the next request is judged anew.")
            .define(
                    LABEL_REFERENCE,
                    ConfigDef.Type.BOOLEAN,
                    false,
                    Importance.MEDIUM,
                    "Whether the labels that OpenRLHF and slime send are shown to the judge as reference answers. Otherwise"
                            + " they are kept with the rollout, and no judge sees them.")
            .define(
                    OPENRLHF_LIMIT,
                    ConfigDef.Type.LONG,
                    170_000L,
                    Range.between(100, DAY_MS),
                    Importance.MEDIUM,
                    "Milliseconds within which OpenRLHF gets an answer: 504 if there is no judgement by then. Its client gives"
                            + " up after 180 s, and asks again.")
            .define(
                    END_TOKENS,
                    ConfigDef.Type.LIST,
                    List.of(
                            "<|im_end|>",
                            "<|endoftext|>",
                            "<|eot_id|>",
                            "<|end_of_text|>",
                            "<end_of_turn>",
                            "<eos>",
                            "</s>"),
                    ConfigDef.ValidList.anyNonDuplicateValues(true, false),
                    Importance.LOW,
                    "Tokens, separated by commas, that are cut from the end of a response of OpenRLHF and slime, which send"
                            + " texts with the special tokens of their model.")
            .define(
                    SLIME_LIMIT,
                    ConfigDef.Type.LONG,
                    110_000L,
                    Range.between(100, DAY_MS),
                    Importance.MEDIUM,
                    "Milliseconds within which slime gets an answer: 504 if there is no judgement by then. Its client gives up"
                            + " after 120 s, and asks again.")
            .define(
                    NEMO_LIMIT,
                    ConfigDef.Type.LONG,
                    11 * MINUTE_MS,
                    Range.between(100, DAY_MS),
                    Importance.MEDIUM,
                    "Milliseconds within which NeMo Gym gets an answer: 504 if there is no judgement by then. Its client waits"
                            + " without end; so this is a bit longer than " + TIMEOUT + ".")
            .define(
                    NEMO_GROUP_SIZE,
                    ConfigDef.Type.INT,
                    1,
                    Range.between(1, 1024),
                    Importance.MEDIUM,
                    "Rollouts of one prompt that NeMo Gym sends to /verify one by one, each with _ng_group_id and"
                            + " _ng_rollout_index: they are judged together. 1: each alone.");

    /**
     * Reads the keys out of all configuration.
     *
     * @param environment gives the value of a variable, or null; {@code System::getenv} outside of tests
     * @throws ConfigError if a value is wrong; names the key
     */
    public static GatewayConfig from(Map<String, String> all, UnaryOperator<String> environment) {
        AbstractConfig config = Configs.parse(DEF, all);
        if (config.getInt(REMEMBER_MAX) < 2 * config.getInt(MAX_WAITING)) {
            throw new ConfigError(REMEMBER_MAX + " is " + config.getInt(REMEMBER_MAX)
                    + ", less than twice the callers of " + MAX_WAITING + ", " + config.getInt(MAX_WAITING)
                    + ": raise it, or lower those");
        }
        if (config.getLong(COALESCE) > config.getLong(REMEMBER)) {
            throw new ConfigError(COALESCE + " is " + config.getLong(COALESCE) + ", more than " + REMEMBER + ", "
                    + config.getLong(REMEMBER) + ": what is forgotten can't be answered again");
        }
        String variable = config.getString(TOKEN_ENV);
        Optional<Secret> token = variable.isBlank()
                ? Optional.empty()
                : Optional.of(Secret.token(TOKEN_ENV, variable.strip(), environment));
        Address address = Address.parse(ADDRESS, config.getString(ADDRESS));
        return new GatewayConfig(
                new HttpConfig(
                        address.host(),
                        address.port(),
                        token,
                        config.getInt(MAX_BODY_BYTES),
                        config.getInt(MAX_HEADER_BYTES),
                        config.getInt(MAX_CONNECTIONS),
                        Duration.ofMillis(config.getLong(IDLE_TIMEOUT)),
                        config.getInt(THREADS),
                        config.getInt(MAX_WAITING),
                        config.getLong(MAX_WAITING_BYTES)),
                new Memory(config.getLong(REMEMBER), config.getInt(REMEMBER_MAX), config.getLong(COALESCE)),
                new Terms(
                        config.getString(JOB),
                        Duration.ofMillis(config.getLong(TIMEOUT)),
                        config.getInt(MAX_RESPONSES),
                        config.getInt(MAX_GROUP_BYTES),
                        config.getBoolean(LABEL_REFERENCE),
                        Duration.ofMillis(config.getLong(OPENRLHF_LIMIT)),
                        config.getList(END_TOKENS),
                        Duration.ofMillis(config.getLong(SLIME_LIMIT)),
                        Duration.ofMillis(config.getLong(NEMO_LIMIT)),
                        config.getInt(NEMO_GROUP_SIZE)));
    }

    private static ConfigDef.Validator jobId() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    String text = (String) value;
                    if (text.isEmpty()
                            || text.length() > 200
                            || text.indexOf('/') >= 0
                            || text.chars().anyMatch(Character::isISOControl)) {
                        throw new ConfigException(name, value, "use 1 to 200 characters, no '/'");
                    }
                },
                () -> "1 to 200 characters, no '/'");
    }
}
