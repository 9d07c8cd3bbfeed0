/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

import dev.kritik.ops.BundledFixtures;
import dev.kritik.ops.TinyCheckpoints;

class NanoTest {

    @TempDir
    private Path home;

    @Test
    void judgesWithItsMetaRmAndLeavesAllOtherKeysAlone() throws Exception {
        TinyCheckpoints.assumeNatives();
        Map<String, String> other = Map.of("judge.djl.temperature", "0.9", "stream.k", "4");

        assertThat(BundledFixtures.tiny(home, () -> Nano.judging(other, "or else")))
                .isEqualTo(Map.of(
                        "worker.judge", "djl",
                        "judge.djl.model", "kritik-nano",
                        "worker.meta", "djl",
                        "meta.djl.model", "kritik-nano-meta",
                        "judge.djl.temperature", "0.9",
                        "stream.k", "4"));
        assertThat(BundledFixtures.none(home, () -> Nano.judging(Map.of("worker.meta", "none"), "or else")))
                .isEqualTo(Map.of("worker.judge", "djl", "judge.djl.model", "kritik-nano", "worker.meta", "none"));
    }

    @Test
    void isFreeToJudgeOnlyWhereNobodySaysAnythingOfAJudge() {
        assertThat(Nano.isFreeIn(Map.of("judge.djl.temperature", "0.9", "worker.meta", "none")))
                .isTrue();
        assertThat(Nano.isFreeIn(Map.of("worker.judge", "openai"))).isFalse();
        assertThat(Nano.isFreeIn(Map.of("judge.openai.model", "m"))).isFalse();
        assertThat(Nano.isFreeIn(Map.of("judge.djl.model", "m"))).isFalse();
    }

    @Test
    void isThereOnlyWhereItsFolderIs() throws Exception {
        assertThat(BundledFixtures.none(home, Nano::isThere)).isFalse();
        assertThat(BundledFixtures.tiny(home, Nano::isThere)).isTrue();
    }
}
