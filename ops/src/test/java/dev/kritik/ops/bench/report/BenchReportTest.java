/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

class BenchReportTest {

    private static final String SATURATION = """
            {"bench":"machine","at":"2026-01-01T00:00:00Z","cpu":"Test CPU","cores":2,"memory_gib":24,"os":"Linux","java":"25","kafka_clients":"4.3.1","kafka_broker":"4.4.0","kritik":"kritik 1","load_before":0.25,"settings":{"worker.slots":"40"}}
            {"bench":"saturation","round":1,"who":"ideal","capacity":8,"calls_per_second":100,"rewards_per_second":100,"place_use":0.8,"waiting_at_judge":2,"groups_not_ok":0}
            {"bench":"saturation","round":1,"who":"kritik","capacity":8,"calls_per_second":90,"rewards_per_second":88,"place_use":0.72,"waiting_at_judge":1,"groups_not_ok":1}
            {"bench":"saturation","round":2,"who":"kritik","capacity":8,"calls_per_second":50,"rewards_per_second":50,"place_use":0.4,"waiting_at_judge":1,"groups_not_ok":0}
            {"bench":"saturation","round":2,"who":"ideal","capacity":8,"calls_per_second":50,"rewards_per_second":50,"place_use":0.4,"waiting_at_judge":2,"groups_not_ok":0}
            {"bench":"latency","round":1,"load":0.5,"groups_per_second":4,"groups_not_ok":0,"latency_ms":{"p50":300,"p99":900},"judge_ms":{"p50":200,"p99":700},"added_ms":{"p50":100,"p99":200},"stages_ms":{"1 sent to taken in":{"p50":10,"p99":20},"2 begun to judged":{"p50":200,"p99":700},"3 counted to read":{"p50":90,"p99":150}}}
            {"bench":"strange"}
            """;

    private static final String CEILING = """
            {"bench":"ceiling","series":"k","mode":"stand-in","round":1,"k":1,"group_size":8,"response_chars":1000,"open_groups":0,"groups_not_ok":0,"records_per_second":9000,"groups_per_second":1000,"samples_per_second":1000,"cpu_ms_per_sample":{"stream":0.5,"broker":0.25},"bytes_per_sample":{"rollouts":600,"rewards":40},"state_bytes":1048576,"stream_memory_bytes":104857600,"of_pass_through":0.5,"cpu_of_pass_through":0.4}
            {"bench":"ceiling","series":"k","mode":"stand-in","round":1,"k":8,"group_size":8,"response_chars":1000,"open_groups":0,"groups_not_ok":0,"records_per_second":8000,"groups_per_second":500,"samples_per_second":4000,"cpu_ms_per_sample":{"stream":0.5,"broker":0.25},"bytes_per_sample":{"rollouts":600,"rewards":40},"state_bytes":1048576,"stream_memory_bytes":104857600,"of_pass_through":0.4,"cpu_of_pass_through":0.3}
            {"bench":"ceiling","series":"k","mode":"stand-in","round":2,"k":8,"group_size":8,"response_chars":1000,"open_groups":0,"groups_not_ok":0,"records_per_second":6000,"groups_per_second":300,"samples_per_second":2400,"cpu_ms_per_sample":{"stream":0.5,"broker":0.25},"bytes_per_sample":{"rollouts":600,"rewards":40},"state_bytes":1048576,"stream_memory_bytes":104857600,"of_pass_through":0.6,"cpu_of_pass_through":0.3}
            """;

    private static final String PEERS = """
            {"bench":"peers","contender":"asyncio","round":1,"load":"all at once","faults":"none","version":"aiohttp 3","rewards_per_s":100,"latency_ms":{"p50":500,"p99":900},"right":400,"wrong":0,"default":3,"said":0,"lost":0}
            {"bench":"peers","contender":"kritik","round":1,"load":"all at once","faults":"none","version":"kritik 1","rewards_per_s":110,"latency_ms":{"p50":510,"p99":800},"right":403,"wrong":0,"default":0,"said":0,"lost":0}
            """;

    @TempDir
    private Path folder;

    private Path run(String name, String lines) throws Exception {
        Path file = Files.createDirectories(folder.resolve(name)).resolve("results.jsonl");
        return Files.writeString(file, lines).getParent();
    }

    @Test
    void ratiosComeFirstAndAreThoseOfEachRoundByItself() throws Exception {
        // Given
        Path saturation = run("saturation", SATURATION);
        Path ceiling = run("ceiling", CEILING);
        Path peers = run("peers", PEERS);
        Path out = folder.resolve("docs");

        // When
        Cli report = Cli.run(
                "bench",
                "report",
                saturation.toString(),
                ceiling.toString(),
                peers.toString(),
                "--out",
                out.toString());

        // Then: in the first round Kritik had nine tenths of the ideal, in the second all of it
        assertThat(report.code()).as(report.err()).isZero();
        String text = Files.readString(out.resolve("README.md"));
        assertThat(text)
                .contains(
                        "| saturation | 2026-01-01T00:00:00Z | Test CPU | 2 | 24 GiB | Linux | 25 | 4.3.1 / 4.4.0 | kritik 1 | 0.3 |")
                .contains("Settings: `worker.slots=40`")
                .contains("Of 8 places at the judge Kritik keeps **95.0 (90.0 to 100.0) %**")
                .contains("| Kritik | 70.0 (50.0 to 90.0) | 69.0 (50.0 to 88.0) | 56.0 (40.0 to 72.0) % | 1.0 | 1 |")
                .contains("Kritik adds **100 ms** at the median and 200 ms")
                .contains("| … counted to read | 90 | 150 |")
                .contains("Not shown: results of the kinds strange.")
                .contains("| stand-in | 8 | 8 | 1000 | 0 | 50.0 (40.0 to 60.0) % | 30.0 % | 7000 (6000 to 8000) |")
                .contains("| asyncio aiohttp 3 | 1.00 | 100.0 | 500 | 900 | 400 | 0 | 3 | 0 | 0 |")
                .contains("| kritik kritik 1 | 1.10 | 110.0 |")
                .doesNotContain("NaN");
        assertThat(text.lines().filter(line -> line.startsWith("| answered by")))
                .as("no worker ran: no column of it")
                .singleElement()
                .satisfies(head -> assertThat(head).doesNotContain("worker"));
    }

    @Test
    void runsOfFaultsAreSummedUp() throws Exception {
        // Given
        Path seeds = folder.resolve("seeds");
        Files.writeString(Files.createDirectories(seeds.resolve("7")).resolve("report.json"), """
                {"seed":7,"violations":0,"faults":[
                  {"fault":"worker-kill","times":3,"measured":2,"recovery_median_ms":500,"recovery_worst_ms":900},
                  {"fault":"poison","times":1,"measured":0}],
                 "totals":{"rollouts":100,"rollouts_repeated":4,"groups":20,"critiques":60,"critiques_repeated":5,"judge_seconds":90.0,"judge_seconds_wasted":3.0},
                 "machine":{"bench":"machine","at":"2026-01-02T00:00:00Z","cpu":"Test CPU","cores":2,"memory_gib":24,"os":"Linux","java":"25","kafka_clients":"4.3.1","kafka_broker":"4.4.0","kritik":"kritik 1"}}
                """);
        Files.writeString(Files.createDirectories(seeds.resolve("8")).resolve("report.json"), """
                {"seed":8,"violations":2,"faults":[
                  {"fault":"worker-kill","times":1,"measured":1,"recovery_median_ms":2500,"recovery_worst_ms":2500}],
                 "totals":{"rollouts":50,"rollouts_repeated":1,"groups":10,"critiques":30,"critiques_repeated":1,"judge_seconds":10.0,"judge_seconds_wasted":2.0}}
                """);
        Files.writeString(seeds.resolve("8").resolve("ledger.jsonl"), "{\"no\":\"result\"}\n");
        Path out = folder.resolve("docs");

        // When
        Cli report = Cli.run("bench", "report", seeds.toString(), "--out", out.toString());

        // Then
        assertThat(report.code()).as(report.err()).isZero();
        assertThat(report.err()).isEmpty();
        assertThat(Files.readString(out.resolve("README.md")))
                .contains(
                        "| seeds | 2026-01-02T00:00:00Z | Test CPU | 2 | 24 GiB | Linux | 25 | 4.3.1 / 4.4.0 | kritik 1 |  |")
                .contains("**2 violations** in 2 runs (seeds 7 to 8): 5 faults, 150 rollouts, 30 groups, 90 critiques.")
                .contains(
                        "Not counted twice: 6 critiques that came again, and 5 rollouts. Of the judge's 100 seconds 5 were wasted (5.0 %)")
                .contains("| worker-kill | 4 | 3 | 2.5 | 2.5 |")
                .contains("| poison | 1 | 0 |  |  |")
                .contains("](seeds-recovery.svg)");
    }

    @Test
    void drawingsAreWholeFilesThatTheTextShows() throws Exception {
        // Given
        Path out = folder.resolve("docs");

        // When
        Cli report = Cli.run(
                "bench",
                "report",
                run("saturation", SATURATION).toString(),
                run("ceiling", CEILING).toString(),
                "--json",
                "--out",
                out.toString());

        // Then
        assertThat(report.code()).as(report.err()).isZero();
        assertThat(report.out()).contains("{\"file\":\"" + out.resolve("ceiling-k.svg") + "\"}");
        String text = Files.readString(out.resolve("README.md"));
        try (Stream<Path> files = Files.list(out)) {
            for (Path svg :
                    files.filter(file -> file.toString().endsWith(".svg")).toList()) {
                assertThat(text).contains("](" + svg.getFileName() + ")");
                var drawn = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(svg.toFile());
                assertThat(drawn.getDocumentElement().getTagName()).isEqualTo("svg");
                assertThat(Files.readString(svg))
                        .contains("prefers-color-scheme:dark")
                        .doesNotContain("NaN");
            }
        }
        assertThat(out.resolve("saturation-stages.svg"))
                .content()
                .contains("counted to read")
                .doesNotContain("begun to judged");
        assertThat(out.resolve("ceiling-k.svg")).content().contains("<polyline", ">stand-in</text>");
    }

    @Test
    void badLinesAreSaidAndTheOthersStand() throws Exception {
        // Given
        Path run = run("cut", PEERS + "{\"no\":1}\n{\"bench\":\"peers\",\"conten");

        // When
        Cli report = Cli.run(
                "bench",
                "report",
                run.toString(),
                "--out",
                folder.resolve("docs").toString());

        // Then
        assertThat(report.code()).isZero();
        assertThat(report.err())
                .contains("results.jsonl, line 3 is left out: it names no \"bench\"")
                .contains("results.jsonl, line 4 is left out: no JSON");
        assertThat(folder.resolve("docs/README.md")).content().contains("| asyncio aiohttp 3 |");
    }

    @Test
    void aRunWithoutResultsIsRefused() throws Exception {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        Cli none = Cli.run(
                "bench",
                "report",
                empty.toString(),
                "--out",
                folder.resolve("docs").toString());
        Cli missing = Cli.run(
                "bench",
                "report",
                "no-such-run",
                "--out",
                folder.resolve("docs").toString());

        assertThat(none.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(none.err()).contains("holds no results");
        assertThat(missing.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(missing.err()).contains("there is no folder or file 'no-such-run'");
        assertThat(folder.resolve("docs")).doesNotExist();
    }
}
