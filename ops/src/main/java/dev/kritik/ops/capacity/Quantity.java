/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import java.util.Locale;
import java.util.Optional;

/**
 * What a plan is made from. Names end in their unit; shares are 0 to 1. "Measured on two cores" is said of constants of Kafka
 * that were measured with 4.3 clients and a 4.4 broker on one small machine: other machines give other figures, the ratios
 * hold better.
 */
public enum Quantity {
    ROLLOUTS_PER_S(
            0,
            "Rollouts that come in each second. 0: as groups_per_s or batch_groups and step_s say, else as many as gpus judge."),
    GROUPS_PER_S(0, "Groups that come in each second; instead of rollouts_per_s."),
    BATCH_GROUPS(0, "Groups of one training step; with step_s instead of rollouts_per_s."),
    STEP_S(0, "Seconds of one training step."),
    GROUP_SIZE(8, "Responses in a group."),
    PANEL_SIZE(8, "Most responses in one prompt (stream.panel.size)."),
    K(8, "Samples for each response, at most (stream.k)."),
    K_SHARE(
            1,
            "Share of k that is asked for on average: 1 with the goal fixed, less with best or advantages; 'kritik eval --adaptive' or --measure tells."),
    K_FIRST(2, "Samples of the first round, with k_share below 1 (stream.k.first)."),
    K_STEP(1, "Samples of each further round (stream.k.step)."),
    RETRIES_SHARE(0.02, "Tries beyond the first, for each critique."),
    CONVERSATION_TOKENS(400, "Tokens of the conversation."),
    RESPONSE_TOKENS(600, "Tokens of a response."),
    INSTRUCTION_TOKENS(600, "Tokens of the judge's instructions around them."),
    PROMPT_TOKENS(0, "Tokens of a judge's whole prompt; 0: from the three above."),
    CRITIQUE_TOKENS(500, "Tokens that the judge writes for one critique."),
    PREFIX_CACHED_SHARE(
            0,
            "Share of prompt tokens that the judge's server has in its prefix cache: samples of one request share their prompt."),
    JUDGE_PROMPT_TOKENS_PER_S_PER_GPU(
            20_000,
            "Prompt tokens that one GPU reads each second, if it did nothing else. Measure it: this is no promise."),
    JUDGE_WRITTEN_TOKENS_PER_S_PER_GPU(
            2_000,
            "Tokens that one GPU writes each second at judge_concurrency_per_gpu, if it did nothing else. Measure it."),
    JUDGE_CONCURRENCY_PER_GPU(64, "Critiques under way on one GPU at which that was measured."),
    JUDGE_GPU_S_PER_CRITIQUE(0, "GPU seconds of one critique at that concurrency; 0: from tokens and rates."),
    JUDGE_LATENCY_S(0, "Seconds from asking for a critique to having it; 0: concurrency times GPU seconds."),
    META_GPU_S_PER_CRITIQUE(0, "GPU seconds of the Meta RM for one critique; 0 without one."),
    GPUS(0, "GPUs that there are, for judge and Meta RM; 0: as many as are needed."),
    GPU_UTILISATION(0.8, "Share of their time that GPUs are to work: the rest is for peaks and failures."),
    GPU_PRICE_PER_H(0, "Price of a GPU for an hour, in your currency; 0: no cost is said."),
    SAMPLES_PER_REQUEST(
            8, "Most samples in one request, where they judge the same panel (stream.samples.per.request)."),
    SLOTS_PER_WORKER(64, "Requests that a worker process has in hand at once (worker.slots)."),
    SLOT_UTILISATION(0.8, "Share of their time that slots are to be busy."),
    SHARE_GROUP_MEMBERS(
            1000,
            "Most members of a share group: group.share.max.size, 200 by default, 1000 at most. Each slot is one."),
    PREFIXES(
            1,
            "Installations (values of topics.prefix) that share the load, each with a share group of its own; 0: as many as are needed."),
    SHARE_RECORD_MS(
            1,
            "Milliseconds of broker CPU for one request through the share group, one record a fetch. Measured on two cores."),
    BROKERS(3, "Brokers."),
    BROKER_CORES(8, "Cores of a broker."),
    BROKER_CPU_UTILISATION(0.5, "Share of them that may be used."),
    BROKER_CPU_MS_PER_MB(
            5,
            "Milliseconds of broker CPU for one MB that is written, copied or read. Measured on two cores: 10 KB records at 49k/s."),
    BROKER_NETWORK_MB_PER_S(1000, "MB that a broker may send or receive each second, each way."),
    BROKER_DISK_GB(4000, "GB of disk of a broker that may be filled."),
    REPLICATION(3, "Copies of each record."),
    PARTITION_MB_PER_S(10, "MB each second that one partition is to carry at most."),
    PARTITION_LOCKS(
            2000,
            "Records that a partition may have in hand in a share group (group.share.partition.max.record.locks)."),
    BYTES_PER_TOKEN(4, "Bytes of text for a token."),
    ROLLOUT_TOKEN_BYTES(
            7,
            "Bytes for each token of a response where rollouts carry ids and log-probabilities; 0 where they don't."),
    COMPRESSED_SHARE(0.4, "What compression leaves of texts."),
    ROLLOUT_BYTES(0, "Bytes of a rollout on its topic before compression; 0: from tokens."),
    REQUEST_BYTES(0, "Bytes of a request to a worker; 0: from tokens."),
    CRITIQUE_BYTES(0, "Bytes of a critique; 0: from tokens."),
    REWARD_BYTES(0, "Bytes of a reward; 0: from members and votes."),
    READERS(2, "Readers of rollouts and rewards besides the stream application: trainer, dashboard, export."),
    ROLLOUTS_DAYS(30, "Days for which rollouts are kept."),
    CRITIQUES_DAYS(30, "Days for which critiques are kept."),
    REWARDS_DAYS(30, "Days for which rewards are kept."),
    REQUESTS_DAYS(1, "Days for which requests are kept."),
    COLLECT_S(30, "Seconds from the first to the last response of a group."),
    CLOSED_H(6, "Hours for which a closed group is remembered (stream.closed.retention.ms)."),
    STREAM_RECORDS_PER_S_PER_CORE(
            10_000,
            "Records (rollouts and critiques) that a core of the stream application takes each second. Measured on two cores: a topology with a store and exactly once had 46,000 on both; half of that, for there is more than one store."),
    STREAM_CORES(4, "Cores (stream.threads) of one instance of the stream application."),
    STREAM_HOP_MS(
            20,
            "Milliseconds of one passage through the stream application, with its commit. Measured on two cores, one copy, 10 groups/s: 10; three copies take longer."),
    SHARE_HOP_MS(
            10,
            "Milliseconds from a request's commit until a free slot has it. Measured on two cores, 10 groups/s: 8 in the median, 30 at the 99th percentile, commit included.");

    private final double preset;
    private final String meaning;

    Quantity(double preset, String meaning) {
        this.preset = preset;
        this.meaning = meaning;
    }

    /** Its value if nobody says another. */
    public double preset() {
        return preset;
    }

    /** What it is. */
    public String meaning() {
        return meaning;
    }

    /** Its name in profiles and on the command line. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The quantity of this name. */
    static Optional<Quantity> of(String key) {
        for (Quantity quantity : values()) {
            if (quantity.key().equals(key)) {
                return Optional.of(quantity);
            }
        }
        return Optional.empty();
    }

    /** Why a value can't be; null if it can. */
    String problem(double value) {
        if (!Double.isFinite(value) || value < 0) {
            return "is 0 or more";
        }
        boolean share = key().endsWith("_share") && this != RETRIES_SHARE;
        if ((share || key().endsWith("_utilisation")) && value > 1) {
            return "is a share, 0 to 1";
        }
        boolean zeroMeansSomething = preset == 0
                || this == RETRIES_SHARE
                || this == PREFIXES
                || this == READERS
                || key().endsWith("_days")
                || key().endsWith("_ms")
                || this == ROLLOUT_TOKEN_BYTES
                || this == INSTRUCTION_TOKENS
                || this == CONVERSATION_TOKENS
                || this == COLLECT_S
                || this == CLOSED_H;
        return value == 0 && !zeroMeansSomething ? "is above 0" : null;
    }
}
