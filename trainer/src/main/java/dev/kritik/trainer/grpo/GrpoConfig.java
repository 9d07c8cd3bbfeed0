/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.kritik.client.Advantages;
import dev.kritik.client.Advantages.Baseline;
import dev.kritik.lm.generate.Sampling;
import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;
import dev.kritik.trainer.rl.ObjectiveConfig;

/**
 * What the training of a policy is told besides.
 *
 * @param jobName the job's name in the topics; empty: that of the run's folder
 * @param groupSize responses to a query
 * @param sampling how they are drawn
 * @param rows most responses that are written at once
 * @param advantages how rewards become advantages
 * @param objective of GRPO
 * @param fill whether flat groups are made up for
 * @param maskTruncated whether responses that were cut off are left out
 * @param ahead steps that writing may be ahead of learning; no more than {@code staleness}
 * @param staleness most versions between the policy that wrote a group and the one that learns from it
 * @param round most groups that are written and published at once; 0: as many as a step has
 * @param patience how long no group may come
 * @param judging what rollouts ask of the stream application
 * @param alarm against reward hacking
 */
public record GrpoConfig(
        String jobName,
        int groupSize,
        Sampling sampling,
        int rows,
        Advantages advantages,
        ObjectiveConfig objective,
        boolean fill,
        boolean maskTruncated,
        int ahead,
        int staleness,
        int round,
        Duration patience,
        Judging judging,
        Alarm alarm) {

    /**
     * What rollouts ask of the stream application.
     *
     * @param k samples of critiques; null: its default
     * @param goal what the rewards are for; null: its default
     */
    public record Judging(Integer k, String goal) {}

    /**
     * What happens when rewards rise while right answers become fewer.
     *
     * @param sigmas standard errors that both differences must exceed
     * @param stops whether the run stops, with a checkpoint
     */
    public record Alarm(double sigmas, boolean stops) {}

    private static final ObjectiveConfig.Names NAMES = new ObjectiveConfig.Names("grpo.", "grpo.kl.");
    private static final String JOB = "grpo.job";
    private static final String DEFAULT = "default";
    private static final int MOST_CHARACTERS = 200;

    /** Its keys. */
    public static final ConfigDef DEF = ObjectiveConfig.define(
            defineLoop(defineResponses(new ConfigDef())),
            NAMES,
            0.0,
            "Many train policies without it; a judge that can be pleased by garbage is a reason for some.");

    private static ConfigDef defineResponses(ConfigDef def) {
        return def.define(
                        JOB,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Name of the job in the topics (job_id), 1 to 200 characters without '/'. Empty: the name of the run's"
                                + " folder.")
                .define(
                        "grpo.group.size",
                        ConfigDef.Type.INT,
                        8,
                        Range.between(2, 1_024),
                        Importance.HIGH,
                        "Responses to a query, which are judged together and compared with each other.")
                .define(
                        "grpo.max.tokens",
                        ConfigDef.Type.INT,
                        1_024,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "Most tokens of a response; one that meets the limit is cut off there, and says so (finish_reason)."
                                + " Queries whose prompts leave no room for so many are left out and counted.")
                .define(
                        "grpo.rows",
                        ConfigDef.Type.INT,
                        64,
                        Range.between(1, 4_096),
                        Importance.MEDIUM,
                        "Most responses that are written at once.")
                .define(
                        "grpo.k",
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 1_000_000),
                        Importance.MEDIUM,
                        "Samples of critiques that each rollout asks for (k). 0: the stream application's default.")
                .define(
                        "grpo.goal",
                        ConfigDef.Type.STRING,
                        DEFAULT,
                        ValidString.in(DEFAULT, "fixed", "best", "advantages"),
                        Importance.MEDIUM,
                        "What each rollout says its rewards are for (goal). default: what the stream application takes.")
                .define(
                        "grpo.mask.truncated",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether responses that were cut off at grpo.max.tokens are left out, as if they had no reward.");
    }

    private static ConfigDef defineLoop(ConfigDef def) {
        return def.define(
                        "grpo.baseline",
                        ConfigDef.Type.STRING,
                        "mean",
                        ValidString.in("mean", "leave-one-out"),
                        Importance.MEDIUM,
                        "What a reward is held against: the mean of its group, or of the others in it (RLOO).")
                .define(
                        "grpo.deviation",
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether advantages are divided by the deviation of the group's rewards. false: as in Dr. GRPO.")
                .define(
                        "grpo.fill",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.MEDIUM,
                        "Whether groups without any spread are made up for by others, so that each step learns from train.batch"
                                + " groups (dynamic sampling, DAPO). false: they count among the groups of a step, which learns"
                                + " from fewer then.")
                .define(
                        "grpo.ahead",
                        ConfigDef.Type.INT,
                        1,
                        Range.between(0, 1_000),
                        Importance.HIGH,
                        "Steps by which writing may be ahead of learning while groups are judged; it waits beyond. 0: synchronous."
                                + " Never more than grpo.staleness.max.")
                .define(
                        "grpo.staleness.max",
                        ConfigDef.Type.INT,
                        4,
                        Range.between(0, 1_000),
                        Importance.HIGH,
                        "Most versions (steps) between the policy that wrote a group and the one that learns from it; groups"
                                + " beyond are dropped and counted. More than grpo.ahead leaves room for groups whose judging takes"
                                + " longer than that of others. 0: synchronous.")
                .define(
                        "grpo.round.groups",
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, 1_000_000),
                        Importance.LOW,
                        "Most groups that are written with one version of the policy and published together. 0: train.batch.")
                .define(
                        "grpo.patience.ms",
                        ConfigDef.Type.LONG,
                        1_800_000L,
                        Range.between(1_000L, Long.MAX_VALUE / 1_000_000),
                        Importance.MEDIUM,
                        "How long, in milliseconds, no group may come although some are under way; then the run ends with an"
                                + " error, and goes on from its last checkpoint when it is started again. Before that it says every"
                                + " half a minute that it waits.")
                .define(
                        "grpo.alarm",
                        ConfigDef.Type.STRING,
                        "warn",
                        ValidString.in("warn", "stop"),
                        Importance.MEDIUM,
                        "What happens when rewards have risen while right answers on --eval have become fewer: a warning, or the"
                                + " end of the run with a checkpoint.")
                .define(
                        "grpo.alarm.sigmas",
                        ConfigDef.Type.DOUBLE,
                        3.0,
                        Range.atLeast(0.0),
                        Importance.LOW,
                        "Standard errors by which both must differ, at two evaluations in a row, from what they were when right"
                                + " answers were most frequent.");
    }

    /**
     * Reads its keys.
     *
     * @throws dev.kritik.schema.config.ConfigError naming the key at fault
     */
    public static GrpoConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        String job = config.getString(JOB);
        if (!job.isEmpty()) {
            requireName(job);
        }
        ObjectiveConfig objective = ObjectiveConfig.from(config, NAMES);
        int k = config.getInt("grpo.k");
        String goal = config.getString("grpo.goal");
        return new GrpoConfig(
                job,
                config.getInt("grpo.group.size"),
                // Neither top-k nor top-p: the loss takes the probabilities of the whole distribution.
                new Sampling(objective.settings().temperature(), 0, 1, config.getInt("grpo.max.tokens"), List.of()),
                config.getInt("grpo.rows"),
                new Advantages(
                        config.getString("grpo.baseline").equals("mean") ? Baseline.MEAN : Baseline.LEAVE_ONE_OUT,
                        config.getBoolean("grpo.deviation")),
                objective,
                config.getBoolean("grpo.fill"),
                config.getBoolean("grpo.mask.truncated"),
                Math.min(config.getInt("grpo.ahead"), config.getInt("grpo.staleness.max")),
                config.getInt("grpo.staleness.max"),
                config.getInt("grpo.round.groups"),
                Duration.ofMillis(config.getLong("grpo.patience.ms")),
                new Judging(k == 0 ? null : k, goal.equals(DEFAULT) ? null : goal),
                new Alarm(
                        config.getDouble("grpo.alarm.sigmas"),
                        config.getString("grpo.alarm").equals("stop")));
    }

    /**
     * The job's name in the topics.
     *
     * @throws ConfigError if the folder's name can't be one
     */
    String job(Path out) {
        if (!jobName.isEmpty()) {
            return jobName;
        }
        Path name = out.toAbsolutePath().normalize().getFileName();
        return requireName(name == null ? "" : name.toString());
    }

    private static String requireName(String job) {
        int characters = job.codePointCount(0, job.length());
        if (characters < 1
                || characters > MOST_CHARACTERS
                || job.indexOf('/') >= 0
                || job.chars().anyMatch(Character::isISOControl)) {
            throw new ConfigError(JOB + ": '" + job + "' can't be the name of a job: 1 to " + MOST_CHARACTERS
                    + " characters are wanted, without '/' and control characters");
        }
        return job;
    }
}
