/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.nano;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Map;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class NanoKeysTest {

    @TempDir
    private Path out;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.bootstrap.servers=prod:9092",
                "registry.url=http://prod",
                "judge.djl.model=mine",
                "worker.judge=openai",
                "meta.djl.model=mine"
            })
    void anythingThatCouldReachAnotherInstallationIsRefusedByName(String setting) {
        Cli cli = Cli.run("train", "nano", "--out", out.toString(), "--set", setting);

        assertThat(cli.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains(setting.substring(0, setting.indexOf('=')))
                .doesNotContain("$ kritik");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void keysGoToThePartThatReadsThem() {
        NanoKeys keys = NanoKeys.of(Map.of(
                "train.lr",
                "1",
                "meta.holdout",
                "0.2",
                "judge.djl.max.tokens",
                "9",
                "critic.attempts",
                "2",
                "kl.beta",
                "0"));

        assertThat(keys.training()).containsOnlyKeys("train.lr", "meta.holdout", "kl.beta");
        assertThat(keys.judge()).containsOnlyKeys("judge.djl.max.tokens", "critic.attempts");
    }
}
