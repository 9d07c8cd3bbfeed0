/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

import dev.kritik.schema.config.ConfigError;

/** Figures computed by hand. */
class PlannerTest {

    private static Plan plan(String... values) {
        return Planner.of(Inputs.presets()
                .with(Arrays.stream(values)
                        .map(value -> value.split("=", -1))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]))));
    }

    @Test
    void gpusFollowFromTokensAndSlotsFromLittlesLaw() {
        // 10 groups/s of 8; a critique: 600 + 400 + 8 * 600 = 5,800 tokens read at 20,000/s, 500 written at 2,000/s
        Plan plan = plan("rollouts_per_s=80", "retries_share=0", "gpu_utilisation=0.5", "slot_utilisation=1");

        assertThat(plan.get("prompt_tokens")).isEqualTo(5_800);
        assertThat(plan.get("judge_gpu_s_per_critique")).isCloseTo(0.29 + 0.25, within(1e-12));
        assertThat(plan.get("critiques_per_s")).isEqualTo(80);
        assertThat(plan.get("gpus")).isCloseTo(80 * 0.54 / 0.5, within(1e-9));
        assertThat(plan.get("judge_latency_s")).isCloseTo(64 * 0.54, within(1e-9));
        // one request for all eight samples of a group
        assertThat(plan.get("slots")).isCloseTo(10 * 64 * 0.54, within(1e-9));
        assertThat(plan.get("share_group_cores")).isCloseTo(0.01, within(1e-12));
    }

    @Test
    void severalPanelsMakeARequestForEachCritique() {
        Plan plan = plan("groups_per_s=2", "group_size=20", "k=4");
        assertThat(plan.get("panels")).isEqualTo(3);
        assertThat(plan.get("critiques_per_group")).isEqualTo(12);
        assertThat(plan.get("requests_per_group")).isEqualTo(12);
        assertThat(plan.get("prompt_tokens")).as("seven of twenty are shown").isEqualTo(1_000 + 7 * 600);
    }

    @Test
    void roundsMakeRequestsAndWait() {
        Plan plan = plan(
                "groups_per_s=1", "k=8", "k_share=0.5", "judge_latency_s=10", "stream_hop_ms=100", "share_hop_ms=0");
        assertThat(plan.get("samples_for_each_response")).isEqualTo(4);
        assertThat(plan.get("rounds")).isEqualTo(3);
        assertThat(plan.get("requests_per_group")).isEqualTo(3);
        assertThat(plan.get("group_latency_s")).isCloseTo(30.4, within(1e-9));
    }

    @Test
    void stepsOfATrainerAndGpusSayTheLoadToo() {
        assertThat(plan("batch_groups=512", "step_s=64").get("groups_per_s")).isEqualTo(8);
        Plan full = plan("gpus=100", "judge_gpu_s_per_critique=1", "retries_share=0", "gpu_utilisation=0.8");
        assertThat(full.get("groups_per_s")).isCloseTo(10, within(1e-9));
        assertThat(full.get("gpus")).isCloseTo(100, within(1e-9));
        assertThatThrownBy(() -> plan("k=4"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("how large is the load?");
    }

    @Test
    void whatRunsOutFirstIsNamedWithTheLoadAtWhichItDoes() {
        // Given: 10 groups/s for 10 s each: 100 slots at one request a group
        Plan plan = plan(
                "rollouts_per_s=80",
                "judge_latency_s=10",
                "judge_gpu_s_per_critique=0.1",
                "retries_share=0",
                "slot_utilisation=1",
                "share_group_members=50",
                "gpus=20",
                "gpu_utilisation=1",
                "rollouts_days=0",
                "critiques_days=0",
                "requests_days=0",
                "rewards_days=0");

        // Then
        Limit first = plan.limits().get(0);
        Limit second = plan.limits().get(1);
        assertThat(first.resource()).isEqualTo("members of share groups");
        assertThat(first.used()).isCloseTo(2, within(1e-9));
        assertThat(first.rolloutsPerS()).isCloseTo(40, within(1e-9));
        assertThat(second.resource()).isEqualTo("GPUs");
        assertThat(second.rolloutsPerS()).isCloseTo(80 * 20 / 8.0, within(1e-9));
        assertThat(PlanText.of(plan, false)).anyMatch(line -> line.startsWith("The load does not fit: 1 of these"));
    }

    @Test
    void diskIsRateTimesDaysTimesCopies() {
        // 100 rollouts/s of 10 kB, not compressed, for a day, twice
        Plan plan = plan(
                "rollouts_per_s=100",
                "rollout_bytes=10000",
                "compressed_share=1",
                "replication=2",
                "rollouts_days=1",
                "critiques_days=0",
                "requests_days=0",
                "rewards_days=0");
        assertThat(plan.get("disk_gb")).isCloseTo(100 * 10_000 * 86_400.0 * 2 / 1e9, within(1e-6));
    }

    @Test
    void costIsThatOfWholeGpus() {
        Plan plan = plan("rollouts_per_s=80", "judge_gpu_s_per_critique=0.1", "gpu_price_per_h=3", "retries_share=0");
        assertThat(plan.get("gpus")).isCloseTo(10, within(1e-9));
        assertThat(plan.get("cost_per_h")).isEqualTo(30);
        assertThat(plan.get("cost_per_million_rollouts")).isCloseTo(30 / 3600.0 / 80 * 1e6, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "rollouts_per_second, 1, is no quantity",
        "k, many, is no number",
        "k, 0, is above 0",
        "k, -1, is 0 or more",
        "k_share, 1.5, 'is a share, 0 to 1'",
        "gpu_utilisation, 2, 'is a share, 0 to 1'",
    })
    void wrongQuantitiesAreNamed(String key, String value, String problem) {
        assertThatThrownBy(() -> Inputs.presets().with(Map.of(key, value)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(key)
                .hasMessageContaining(problem);
    }

    @Test
    void everyPresetIsPossible() {
        for (Quantity quantity : Quantity.values()) {
            assertThat(quantity.problem(quantity.preset())).as(quantity.key()).isNull();
        }
    }
}
