/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.lag;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.kritik.monitor.lag.LagReport;
import dev.kritik.monitor.lag.LagReport.Group;
import dev.kritik.monitor.lag.PartitionLag;
import dev.kritik.monitor.lag.PartitionLag.Kind;
import dev.kritik.ops.cli.Cli;

class LagTableTest {

    private static final LagReport REPORT = new LagReport(
            Instant.ofEpochMilli(5),
            List.of(
                    lag("stream", Kind.CONSUMER, 0, OptionalLong.empty(), OptionalDouble.empty()),
                    lag("stream", Kind.CONSUMER, 1, OptionalLong.of(3), OptionalDouble.of(2)),
                    lag("workers", Kind.SHARE, 0, OptionalLong.of(4), OptionalDouble.of(1.5)),
                    lag("workers", Kind.SHARE, 1, OptionalLong.of(3), OptionalDouble.of(0)),
                    lag("workers", Kind.SHARE, 2, OptionalLong.empty(), OptionalDouble.of(0))),
            List.of(
                    new Group("stream", Kind.CONSUMER, "Stable", OptionalInt.of(2)),
                    new Group("workers", Kind.SHARE, "Empty", OptionalInt.empty())),
            List.of(),
            List.of("group 'x': its offsets can't be read: no answer in time"));

    private static PartitionLag lag(
            String group, Kind kind, int partition, OptionalLong records, OptionalDouble seconds) {
        return new PartitionLag(
                group,
                kind,
                "topic",
                partition,
                records.isEmpty() ? OptionalLong.empty() : OptionalLong.of(6),
                10,
                records,
                seconds);
    }

    @Test
    void sumsUpWhatIsKnownOfAllPartitionsAndNothingElse() {
        assertThat(LagTable.of(REPORT, false).lines())
                .satisfiesExactly(
                        line -> assertThat(words(line))
                                .containsExactly(
                                        "GROUP", "KIND", "STATE", "MEMBERS", "TOPIC", "POSITION", "RECORDS", "OLDEST"),
                        line -> assertThat(words(line))
                                .containsExactly("stream", "consumer", "Stable", "2", "topic", "-", "-"),
                        line -> assertThat(words(line))
                                .containsExactly("workers", "share", "Empty", "-", "topic", "7", "1.5", "s"),
                        line -> assertThat(line)
                                .isEqualTo("not known: group 'x': its offsets can't be read: no answer in time"));
        assertThat(LagTable.of(REPORT, true).lines()).hasSize(1 + 2 + 5 + 1);
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split("\\s+", -1));
    }

    @Test
    void jsonHasNullForWhatIsNotKnown() {
        assertThat(LagJson.of(REPORT))
                .hasSize(6)
                .contains(
                        "{\"at_ms\":5,\"group\":\"stream\",\"kind\":\"consumer\",\"topic\":\"topic\",\"partition\":0,"
                                + "\"position\":null,\"end\":10,\"records\":null,\"seconds\":null}",
                        "{\"at_ms\":5,\"group\":\"workers\",\"kind\":\"share\",\"topic\":\"topic\",\"partition\":0,"
                                + "\"position\":6,\"end\":10,\"records\":4,\"seconds\":1.5}",
                        "{\"problem\":\"group 'x': its offsets can't be read: no answer in time\"}");
    }

    @Test
    void theCommandSaysWhatIsMissing() {
        assertThat(Cli.run("lag").code()).isEqualTo(2);
        assertThat(Cli.run("lag").err()).contains("kafka.bootstrap.servers").contains("--bootstrap");
        assertThat(Cli.run("lag", "--watch=0", "--bootstrap", "127.0.0.1:1").err())
                .contains("--watch");
    }
}
