/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import dev.kritik.ops.client.RangeReader.Bounds;
import dev.kritik.ops.client.RangeReader.Span;

class RangeOptionsTest {

    private static RangeOptions parse(String... arguments) {
        RangeOptions options = new RangeOptions();
        new CommandLine(options).parseArgs(arguments);
        return options;
    }

    @Test
    void takesTimesAndOffsetsOfBothTopics() {
        RangeOptions options = parse(
                "--from",
                "2026-11-01T00:00:00Z",
                "--to",
                "1800000000000",
                "--from-offsets",
                "0:5,critiques:1:7,rewards:0:2",
                "--to-offsets",
                "0:9");

        long from = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
        assertThat(options.rollouts()).isEqualTo(new Bounds(from, 1_800_000_000_000L, Map.of(0, 5L), Map.of(0, 9L)));
        assertThat(options.critiques()).isEqualTo(new Bounds(from, 1_800_000_000_000L, Map.of(1, 7L), Map.of()));
        assertThat(options.of("rewards")).isEqualTo(new Bounds(from, 1_800_000_000_000L, Map.of(0, 2L), Map.of()));
        assertThat(options.topicsWithOffsets()).containsExactly("critiques", "rewards", "rollouts");
    }

    @Test
    void isEverythingByDefault() {
        assertThat(parse().rollouts()).isEqualTo(new Bounds(null, null, Map.of(), Map.of()));
    }

    @Test
    void namesThePartThatWasReadSoThatItCanBeReadAgain() {
        // Given
        var rollouts = new TreeMap<>(Map.of(0, new Span(3, 9), 1, new Span(0, 0)));
        var critiques = new TreeMap<>(Map.of(0, new Span(1, 2)));

        // When
        String again = parse("--from", "5").again(rollouts, critiques);

        // Then
        assertThat(again).isEqualTo("--from-offsets 0:3,1:0,critiques:0:1 --to-offsets 0:9,1:0,critiques:0:2 --from 5");
        RangeOptions same = parse(again.split(" ", -1));
        assertThat(same.rollouts()).isEqualTo(new Bounds(5L, null, Map.of(0, 3L, 1, 0L), Map.of(0, 9L, 1, 0L)));
        assertThat(same.critiques()).isEqualTo(new Bounds(5L, null, Map.of(0, 1L), Map.of(0, 2L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--from=2026-11-02T00:00:00Z --to=2026-11-01T00:00:00Z",
                "--from-offsets=0:5 --to-offsets=0:4",
                "--from-offsets=critiques:1:5 --to-offsets=critiques:1:4"
            })
    void refusesWhatEndsBeforeItBegins(String arguments) {
        RangeOptions options = parse(arguments.split(" ", -1));
        assertThatThrownBy(() -> options.check(new CommandLine(options)))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("--from");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--from=yesterday",
                "--to=2026-11-01",
                "--from-offsets=0",
                "--from-offsets=dead-letters:0:1",
                "--to-offsets=0:1,0:2",
                "--to-offsets=0:-1"
            })
    void saysWhatItDoesNotTake(String argument) {
        assertThatThrownBy(() -> parse(argument)).isInstanceOf(CommandLine.ParameterException.class);
    }
}
