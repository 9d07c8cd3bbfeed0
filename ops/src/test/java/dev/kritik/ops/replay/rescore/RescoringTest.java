/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import dev.kritik.schema.Message;
import dev.kritik.schema.Rollout;
import dev.kritik.schema.serde.ContractModel;

class RescoringTest {

    static {
        var unused = ContractModel.of(Rollout.class);
    }

    private static final Rollout OLD = Rollout.newBuilder()
            .setJobId("job")
            .setGroupId("g")
            .setGroupAttempt(3)
            .setIndex(1)
            .setGroupSize(2)
            .setMessages(List.of(new Message("user", "q")))
            .setResponse("r")
            .setLabel("1")
            .setReference("ref")
            .setHint(1)
            .setDeadlineMs(1L)
            .setK(8)
            .setKMeta(4)
            .setPanelSize(2)
            .setGoal("fixed")
            .setResponseTokenIds(List.of(1))
            .setMetadata(Map.of("finish_reason", "length"))
            .build();

    private static Rescoring rescoring(Integer k, Map<String, String> config) {
        return Rescoring.of(k, null, null, null, config);
    }

    @Test
    void keepsWhatIsJudgedAndDropsTheDeadlineOfThen() {
        // When
        Rollout now = rescoring(null, Map.of()).of(OLD);

        // Then
        assertThat(now.getDeadlineMs()).isNull();
        assertThat(now.getResponseTokenIds()).isNull();
        assertThat(now.getMetadata()).containsEntry("finish_reason", "length").containsKey(Rescoring.SETTINGS);
        assertThat(Rollout.newBuilder(now)
                        .setDeadlineMs(OLD.getDeadlineMs())
                        .setResponseTokenIds(OLD.getResponseTokenIds())
                        .setMetadata(OLD.getMetadata())
                        .build())
                .isEqualTo(OLD);
    }

    @Test
    void theMetaRmKeepsNoMoreThanThereAre() {
        Rollout now = rescoring(2, Map.of()).of(OLD);
        assertThat(now.getK()).isEqualTo(2);
        assertThat(now.getKMeta()).isEqualTo(2);
        assertThat(new Rescoring(16, 0, 1, "best", "").of(OLD))
                .extracting(Rollout::getK, Rollout::getKMeta, Rollout::getPanelSize, Rollout::getGoal)
                .containsExactly(16, 0, 1, "best");
    }

    @Test
    void settingsTellJudgesApartAndNotAddresses() {
        String settings = rescoring(2, Map.of("judge.openai.model", "a", "judge.openai.url", "http://x"))
                .settings();
        assertThat(settings).startsWith("k=2 k_meta=null");
        assertThat(rescoring(2, Map.of("judge.openai.model", "a", "judge.openai.url", "http://y", "kafka.x", "1"))
                        .settings())
                .isEqualTo(settings);
        assertThat(rescoring(2, Map.of("judge.openai.model", "b", "judge.openai.url", "http://x"))
                        .settings())
                .isNotEqualTo(settings);
        assertThat(rescoring(3, Map.of("judge.openai.model", "a")).settings()).isNotEqualTo(settings);
    }
}
