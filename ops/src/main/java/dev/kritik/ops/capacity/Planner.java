/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import static dev.kritik.ops.capacity.Quantity.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Computes plans. Everything is proportional to the load except for what is rounded up, so the load at which something runs out
 * is the load times what there is over what is needed. Pure.
 *
 * <p>The heart is Little's law: what is under way is what comes in each second times the seconds that it stays. A slot of a
 * worker holds one request, and all samples of the request are under way together; each slot is a member of the share group.
 */
public final class Planner {

    private static final String LOAD = "load";
    private static final String JUDGES = "judges";
    private static final String WORKERS = "workers";
    private static final String KAFKA = "Kafka";
    private static final String STREAM = "stream application";
    private static final String RESULT = "result";

    private static final double MB = 1e6;
    private static final double GB = 1e9;
    private static final double DAY_S = 86_400;

    /** Bytes of what stands around texts in a record: names, times, provenance. */
    private static final double RECORD_BYTES = 300;

    /** Bytes of a member, a vote and a counted score in a reward; of a remembered group; of a sample's scores in the state. */
    private static final double MEMBER_BYTES = 40;

    private static final double VOTE_BYTES = 20;
    private static final double SCORE_BYTES = 8;
    private static final double CLOSED_BYTES = 100;

    private final Inputs in;
    private final List<Line> lines = new ArrayList<>();

    private Planner(Inputs in) {
        this.in = in;
    }

    /**
     * The plan for a load.
     *
     * @throws IllegalArgumentException if nothing says how large the load is
     */
    public static Plan of(Inputs in) {
        return new Planner(in).plan();
    }

    private double line(String section, String name, double value, String formula) {
        lines.add(new Line(section, name, value, formula));
        return value;
    }

    private Plan plan() {
        // One group
        double size = in.get(GROUP_SIZE);
        double panels = line(LOAD, "panels", Math.ceil(size / in.get(PANEL_SIZE)), "ceil(group_size / panel_size)");
        double spent = line(LOAD, "samples_for_each_response", in.get(K) * in.get(K_SHARE), "k * k_share");
        double rounds = line(
                LOAD,
                "rounds",
                in.get(K_SHARE) < 1 ? 1 + Math.max(0, (spent - in.get(K_FIRST)) / in.get(K_STEP)) : 1,
                "1 with k_share = 1; else 1 + (samples_for_each_response - k_first) / k_step, on average");
        double critiquesPerGroup =
                line(LOAD, "critiques_per_group", panels * spent, "panels * samples_for_each_response");
        double requestsPerGroup = line(
                LOAD,
                "requests_per_group",
                panels > 1
                        ? critiquesPerGroup
                        : in.get(K_SHARE) < 1 ? rounds : Math.ceil(spent / in.get(SAMPLES_PER_REQUEST)),
                "one panel: ceil(k / samples_per_request), or one for each round; several: one for each critique, as each"
                        + " sample cuts its panels anew");

        // One critique
        double shown = Math.ceil(size / panels);
        double prompt = line(
                JUDGES,
                "prompt_tokens",
                in.or(
                        PROMPT_TOKENS,
                        in.get(INSTRUCTION_TOKENS) + in.get(CONVERSATION_TOKENS) + shown * in.get(RESPONSE_TOKENS)),
                "instruction_tokens + conversation_tokens + ceil(group_size / panels) * response_tokens, or as given");
        double judgeGpuS = line(
                JUDGES,
                "judge_gpu_s_per_critique",
                in.or(
                        JUDGE_GPU_S_PER_CRITIQUE,
                        prompt * (1 - in.get(PREFIX_CACHED_SHARE)) / in.get(JUDGE_PROMPT_TOKENS_PER_S_PER_GPU)
                                + in.get(CRITIQUE_TOKENS) / in.get(JUDGE_WRITTEN_TOKENS_PER_S_PER_GPU)),
                "prompt_tokens * (1 - prefix_cached_share) / judge_prompt_tokens_per_s_per_gpu + critique_tokens /"
                        + " judge_written_tokens_per_s_per_gpu, or as given");
        double latency = line(
                JUDGES,
                "judge_latency_s",
                in.or(JUDGE_LATENCY_S, in.get(JUDGE_CONCURRENCY_PER_GPU) * judgeGpuS),
                "judge_concurrency_per_gpu * judge_gpu_s_per_critique (Little's law on a full GPU), or as given");
        double gpuSPerGroup =
                critiquesPerGroup * (1 + in.get(RETRIES_SHARE)) * (judgeGpuS + in.get(META_GPU_S_PER_CRITIQUE));
        line(
                JUDGES,
                "gpu_s_per_group",
                gpuSPerGroup,
                "critiques_per_group * (1 + retries_share) * (judge_gpu_s_per_critique + meta_gpu_s_per_critique)");

        // How many of them
        double groups = groupsPerS(gpuSPerGroup);
        double rollouts = line(LOAD, "rollouts_per_s", groups * size, "groups_per_s * group_size");
        double critiques =
                line(LOAD, "critiques_per_s", groups * critiquesPerGroup, "groups_per_s * critiques_per_group");
        double requests = line(LOAD, "requests_per_s", groups * requestsPerGroup, "groups_per_s * requests_per_group");
        double gpus = line(
                JUDGES,
                "gpus",
                groups * gpuSPerGroup / in.get(GPU_UTILISATION),
                "groups_per_s * gpu_s_per_group / gpu_utilisation");
        line(
                JUDGES,
                "critiques_under_way",
                critiques * (1 + in.get(RETRIES_SHARE)) * latency,
                "critiques_per_s * (1 + retries_share) * judge_latency_s");

        // Workers
        double slots = line(
                WORKERS,
                "slots",
                requests * (1 + in.get(RETRIES_SHARE)) * latency / in.get(SLOT_UTILISATION),
                "requests_per_s * (1 + retries_share) * judge_latency_s / slot_utilisation");
        double prefixes = line(
                WORKERS,
                "prefixes_needed",
                Math.max(1, Math.ceil(slots / in.get(SHARE_GROUP_MEMBERS))),
                "ceil(slots / share_group_members): installations that share the load");
        double installations = in.or(PREFIXES, prefixes);
        line(
                WORKERS,
                "worker_processes",
                installations * Math.ceil(slots / installations / in.get(SLOTS_PER_WORKER)),
                "prefixes * ceil(slots / prefixes / slots_per_worker): a worker belongs to one of them");

        List<Limit> limits = new ArrayList<>();
        limit(
                limits,
                "GPUs",
                gpus,
                in.or(GPUS, Math.ceil(gpus)),
                rollouts,
                "more of them; fewer samples (k, goals best or advantages); a smaller judge; fewer tokens written");
        limit(
                limits,
                "members of share groups",
                slots,
                installations * in.get(SHARE_GROUP_MEMBERS),
                rollouts,
                "group.share.max.size up to 1000; larger rounds (k_first, k_step), so that a request carries more samples;"
                        + " further installations by topics.prefix, each with a part of the jobs; worker.source=classic,"
                        + " whose slots are no members");
        kafka(limits, groups, rollouts, critiques, requests, shown, slots, installations);
        stream(groups, rollouts, critiques, latency, rounds, installations);
        result(gpus, groups, rollouts, rounds, latency);
        limits.sort(Comparator.comparingDouble(Limit::rolloutsPerS).thenComparing(Limit::resource));
        return new Plan(lines, limits);
    }

    private double groupsPerS(double gpuSPerGroup) {
        String formula = "rollouts_per_s / group_size";
        double groups = in.get(ROLLOUTS_PER_S) / in.get(GROUP_SIZE);
        if (groups == 0) {
            formula = "as given";
            groups = in.get(GROUPS_PER_S);
        }
        if (groups == 0 && in.get(BATCH_GROUPS) > 0 && in.get(STEP_S) > 0) {
            formula = "batch_groups / step_s";
            groups = in.get(BATCH_GROUPS) / in.get(STEP_S);
        }
        if (groups == 0 && in.get(GPUS) > 0) {
            formula = "as many as the GPUs judge: gpus * gpu_utilisation / gpu_s_per_group";
            groups = in.get(GPUS) * in.get(GPU_UTILISATION) / gpuSPerGroup;
        }
        if (groups == 0) {
            throw new IllegalArgumentException("how large is the load? Give rollouts_per_s=..., groups_per_s=...,"
                    + " batch_groups=... and step_s=..., or gpus=... for what these can judge");
        }
        return line(LOAD, "groups_per_s", groups, formula);
    }

    private void kafka(
            List<Limit> limits,
            double groups,
            double rollouts,
            double critiques,
            double requests,
            double shown,
            double slots,
            double installations) {
        double text = in.get(BYTES_PER_TOKEN);
        double size = in.get(GROUP_SIZE);
        double rolloutBytes = line(
                KAFKA,
                "rollout_bytes",
                in.or(
                        ROLLOUT_BYTES,
                        RECORD_BYTES
                                + (in.get(CONVERSATION_TOKENS) + in.get(RESPONSE_TOKENS)) * text
                                + in.get(RESPONSE_TOKENS) * in.get(ROLLOUT_TOKEN_BYTES)),
                "300 + (conversation_tokens + response_tokens) * bytes_per_token + response_tokens * rollout_token_bytes, or"
                        + " as given");
        double requestBytes = line(
                KAFKA,
                "request_bytes",
                in.or(
                        REQUEST_BYTES,
                        RECORD_BYTES + (in.get(CONVERSATION_TOKENS) + shown * in.get(RESPONSE_TOKENS)) * text),
                "300 + (conversation_tokens + responses shown * response_tokens) * bytes_per_token, or as given");
        double critiqueBytes = line(
                KAFKA,
                "critique_bytes",
                in.or(CRITIQUE_BYTES, RECORD_BYTES + in.get(CRITIQUE_TOKENS) * text),
                "300 + critique_tokens * bytes_per_token, or as given");
        double perGroup = critiques / groups;
        double rewardBytes = line(
                KAFKA,
                "reward_bytes",
                in.or(REWARD_BYTES, RECORD_BYTES + size * MEMBER_BYTES + perGroup * (VOTE_BYTES + shown * SCORE_BYTES)),
                "300 + group_size * 40 + critiques_per_group * (20 + responses shown * 8), or as given");
        double packed = in.get(COMPRESSED_SHARE) / MB;
        double rolloutMb = rollouts * rolloutBytes * packed;
        double requestMb = requests * requestBytes * packed;
        double critiqueMb = critiques * critiqueBytes * packed;
        double rewardMb = groups * rewardBytes * packed;
        // Bodies go into the state and are deleted from it; samples likewise, as scores.
        double stateMb = rollouts * rolloutBytes * packed + critiques * shown * SCORE_BYTES / MB;
        double written = line(
                KAFKA,
                "written_mb_per_s",
                rolloutMb + requestMb + critiqueMb + rewardMb + stateMb,
                "(rollouts + requests + critiques + rewards + the state's changelog) * compressed_share, before copies");
        double copies = in.get(REPLICATION);
        double received = line(KAFKA, "received_mb_per_s", written * copies, "written_mb_per_s * replication");
        double sent = line(
                KAFKA,
                "sent_mb_per_s",
                written * (copies - 1)
                        + rolloutMb * (1 + in.get(READERS))
                        + requestMb
                        + critiqueMb
                        + rewardMb * in.get(READERS),
                "written_mb_per_s * (replication - 1) + each topic once to its reader, rollouts and rewards to readers more");
        double share = line(
                KAFKA,
                "share_group_cores",
                requests * (1 + in.get(RETRIES_SHARE)) * in.get(SHARE_RECORD_MS) / 1000,
                "requests_per_s * (1 + retries_share) * share_record_ms / 1000");
        double cores = line(
                KAFKA,
                "broker_cores",
                share + (received + sent) * in.get(BROKER_CPU_MS_PER_MB) / 1000,
                "share_group_cores + (received_mb_per_s + sent_mb_per_s) * broker_cpu_ms_per_mb / 1000");
        double disk = line(
                KAFKA,
                "disk_gb",
                copies
                        * DAY_S
                        * (rolloutMb * in.get(ROLLOUTS_DAYS)
                                + requestMb * in.get(REQUESTS_DAYS)
                                + critiqueMb * in.get(CRITIQUES_DAYS)
                                + rewardMb * in.get(REWARDS_DAYS))
                        * MB
                        / GB,
                "replication * 86400 * (MB/s of each topic * its days)");
        double cpuPerBroker = in.get(BROKER_CORES) * in.get(BROKER_CPU_UTILISATION);
        line(
                KAFKA,
                "brokers_needed",
                Math.max(
                        copies,
                        Math.ceil(Math.max(
                                Math.max(cores / cpuPerBroker, disk / in.get(BROKER_DISK_GB)),
                                Math.max(received, sent) / in.get(BROKER_NETWORK_MB_PER_S)))),
                "the most of replication, broker_cores / (cores of a broker * broker_cpu_utilisation), disk_gb /"
                        + " broker_disk_gb, MB/s / broker_network_mb_per_s");
        double streamCores = (rollouts + critiques) / in.get(STREAM_RECORDS_PER_S_PER_CORE);
        line(
                KAFKA,
                "partitions",
                Math.ceil(Math.max(
                        Math.max(rolloutMb, Math.max(requestMb, critiqueMb))
                                / installations
                                / in.get(PARTITION_MB_PER_S),
                        Math.max(
                                Math.max(streamCores, slots / in.get(PARTITION_LOCKS)) / installations,
                                in.get(BROKERS)))),
                "of each topic in each installation: the most of its MB/s / partition_mb_per_s, stream_cores_needed, slots /"
                        + " partition_locks, brokers");
        double brokers = in.get(BROKERS);
        limit(
                limits,
                "CPU of the brokers (cores)",
                cores,
                brokers * cpuPerBroker,
                rollouts,
                "more or larger brokers; more samples in a request, so that fewer go through the share group");
        limit(
                limits,
                "network of the brokers (MB/s)",
                Math.max(received, sent),
                brokers * in.get(BROKER_NETWORK_MB_PER_S),
                rollouts,
                "more brokers; zstd at the producers; fewer readers");
        limit(
                limits,
                "disk of the brokers (GB)",
                disk,
                brokers * in.get(BROKER_DISK_GB),
                rollouts,
                "shorter retention of rollouts and critiques, after an export; tiered storage; more brokers");
    }

    private void stream(
            double groups, double rollouts, double critiques, double latency, double rounds, double installations) {
        double cores = line(
                STREAM,
                "stream_cores_needed",
                (rollouts + critiques) / in.get(STREAM_RECORDS_PER_S_PER_CORE),
                "(rollouts_per_s + critiques_per_s) / stream_records_per_s_per_core");
        line(
                STREAM,
                "stream_instances",
                installations * Math.max(1, Math.ceil(cores / installations / in.get(STREAM_CORES))),
                "prefixes * ceil(stream_cores_needed / prefixes / stream_cores); one more of each to survive a loss");
        double open = line(
                STREAM,
                "open_groups",
                groups * (in.get(COLLECT_S) + rounds * latency),
                "groups_per_s * (collect_s + rounds * judge_latency_s)");
        line(
                STREAM,
                "state_gb",
                (open * in.get(GROUP_SIZE) * get("rollout_bytes") + groups * in.get(CLOSED_H) * 3600 * CLOSED_BYTES)
                        / GB,
                "(open_groups * group_size * rollout_bytes + groups_per_s * closed_h * 3600 * 100) / 1e9, over all instances");
    }

    private void result(double gpus, double groups, double rollouts, double rounds, double latency) {
        double overhead = line(
                RESULT,
                "added_latency_s",
                (rounds * (in.get(STREAM_HOP_MS) + in.get(SHARE_HOP_MS)) + in.get(STREAM_HOP_MS)) / 1000,
                "(rounds * (stream_hop_ms + share_hop_ms) + stream_hop_ms) / 1000: what Kritik adds to the judge, without"
                        + " queues");
        line(
                RESULT,
                "group_latency_s",
                overhead + rounds * latency,
                "added_latency_s + rounds * judge_latency_s, from the last response");
        double price = in.get(GPU_PRICE_PER_H);
        if (price > 0) {
            double billed = in.or(GPUS, Math.ceil(gpus));
            line(RESULT, "cost_per_h", billed * price, "gpus (rounded up, or as given) * gpu_price_per_h");
            line(
                    RESULT,
                    "cost_per_million_rollouts",
                    billed * price / 3600 / rollouts * 1e6,
                    "cost_per_h / 3600 / rollouts_per_s * 1e6");
            line(RESULT, "cost_per_group", billed * price / 3600 / groups, "cost_per_h / 3600 / groups_per_s");
        }
    }

    private double get(String name) {
        return new Plan(lines, List.of()).get(name);
    }

    private static void limit(
            List<Limit> limits, String resource, double needed, double available, double rollouts, String way) {
        limits.add(new Limit(resource, needed, available, rollouts * available / needed, way));
    }
}
