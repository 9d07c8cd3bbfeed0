/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.cli.Child;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.judge.JudgeOptions;
import dev.kritik.ops.judge.RecordedJudge;
import dev.kritik.ops.judge.RecordedTexts;

/** The commands around a running installation, on real topics. */
class CommandsEndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static Path queries;
    private static RecordedJudge judge;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(Map.of());
        queries = folder.resolve("queries.jsonl");
        try (InputStream in = resource("queries.jsonl");
                BufferedReader critiques = new BufferedReader(
                        new InputStreamReader(resource("critiques.jsonl"), StandardCharsets.UTF_8))) {
            Files.copy(in, queries);
            judge = installation.judge(JudgeOptions.of(RecordedTexts.read("critiques", critiques)));
            installation.stream();
            installation.worker(judge.url().toString(), "recorded-texts", Map.of("critic.backoff.ms", "10"));
        }
    }

    private static InputStream resource(String name) {
        return CommandsEndToEndTest.class.getResourceAsStream("/demo/" + name);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static Cli run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        installation.config().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void whatIsPublishedComesBackAsRewardsAndABadLineIsNamed() throws IOException {
        // Given
        Path file = folder.resolve("mixed.jsonl");
        Files.writeString(file, "{\"query_id\":\"x\"}\n" + Files.readString(queries));

        // When
        Cli published = run("rollouts", "publish", file.toString(), "--job", "mixed", "--k", "2", "--json");
        Cli tail = run("rewards", "tail", "--job", "mixed", "--follow", "--count", "7", "--json");
        Cli table = run("rewards", "tail", "--job", "mixed");
        Cli none = run("rewards", "tail", "--job", "another");

        // Then
        assertThat(published.code()).as("a line was rejected").isEqualTo(1);
        assertThat(published.err()).contains("line 1: rejected: responses is missing");
        JsonNode report = JSON.readTree(published.out());
        assertThat(report.get("groups").asInt()).isEqualTo(7);
        assertThat(report.get("rollouts").asInt()).isEqualTo(20);
        assertThat(tail.code()).isZero();
        assertThat(tail.out().lines()).hasSize(7).allSatisfy(line -> {
            JsonNode reward = JSON.readTree(line);
            assertThat(reward.get("status").asText()).isEqualTo("OK");
            assertThat(reward.get("k").asInt()).isEqualTo(2);
        });
        assertThat(table.out()).contains("mixed/demo-bleach  OK  k=2", "equal to #0");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
    }

    @Test
    void usersOnBrokersThatKnowNoRightsAreAFinding() {
        // When
        Cli check = run("topics", "check", "--set", "acl.worker=User:w");
        // Then
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("acls: the brokers have no authorizer");
    }

    @Test
    void lagNamesTheStreamApplicationAndTheWorkersWhichHaveWorkedOffEverything() {
        // Given
        Cli published = run("rollouts", "publish", queries.toString(), "--job", "lag", "--k", "2");
        assertThat(published.code()).as(published.err()).isZero();

        // When, then
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            Cli lag = run("lag", "--json");
            assertThat(lag.code()).as(lag.err()).isZero();
            assertThat(lag.out().lines()).noneMatch(line -> line.contains("problem"));
            for (String group : List.of("kritik-stream", "kritik-workers")) {
                assertThat(lag.out().lines().filter(line -> line.contains(group + "\"")))
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(
                                        JSON.readTree(line).get("seconds").asDouble(-1))
                                .isZero());
            }
        });
        String prefix = installation.config().get("topics.prefix");
        assertThat(run("lag").out())
                .containsPattern(prefix + "kritik-workers +share +Stable +\\d+ +" + prefix + "critique-requests")
                .containsPattern(prefix + "kritik-stream +consumer +Stable +\\d+ +" + prefix + "rollouts");
    }

    @Test
    void evalScoresARunningInstallation() throws IOException {
        // When
        Cli eval = run("eval", "--data", queries.toString(), "--k", "4", "--timeout-s", "120", "--json");

        // Then
        assertThat(eval.code()).as(eval.err()).isZero();
        JsonNode result = JSON.readTree(eval.out().lines().toList().getLast());
        assertThat(result.get("queries").asInt()).isEqualTo(7);
        assertThat(result.get("counted").asInt()).isEqualTo(7);
        assertThat(result.get("samples_used").asInt()).isEqualTo(28);
        assertThat(result.get("invalid_samples").asInt()).isEqualTo(1);
        assertThat(result.get("samples_per_response").asDouble()).isEqualTo(4.0);
        assertThat(result.get("statuses").get("OK").asInt()).isEqualTo(7);
        assertThat(result.get("accuracy").asDouble()).isEqualTo(1.0);
    }

    /** Rejective fine-tuning from labelled rollouts to files, through the live workers. */
    @Test
    void labelledGroupsAreSampledAgainAndBecomeTrainingData() throws IOException {
        // Given
        Path out = folder.resolve("rft");
        run("rollouts", "publish", queries.toString(), "--job", "labelled", "--k", "1");

        // When
        Cli sampled = run("sample", "rft", "--job", "labelled", "--timeout-s", "60", "--json");
        Cli again = run("sample", "rft", "--job", "labelled", "--json");
        Cli told = run("rewards", "tail", "--job", "labelled.hinted", "--json");
        Cli replayed = run("replay", "rft", "--job", "labelled", "--out", out.toString(), "--json");

        // Then: seven groups came again in two jobs, once
        assertThat(sampled.code()).as(sampled.err()).isZero();
        JsonNode first = JSON.readTree(sampled.out());
        assertThat(first.get("sent").asInt()).isEqualTo(14);
        assertThat(first.at("/statuses/OK").asInt()).isEqualTo(14);
        assertThat(JSON.readTree(again.out()).get("sent").asInt()).isZero();
        assertThat(JSON.readTree(again.out()).get("answered_before").asInt()).isEqualTo(14);
        assertThat(told.out().lines())
                .hasSize(7)
                .allSatisfy(line -> assertThat(JSON.readTree(line).get("hinted").asBoolean())
                        .isTrue());

        // Then: every critique is in one place
        assertThat(replayed.code()).as(replayed.err()).isZero();
        JsonNode report = JSON.readTree(replayed.out());
        assertThat(report.at("/groups/labelled").asInt()).isEqualTo(21);
        assertThat(report.at("/files/tasks.jsonl/lines").asInt()).isEqualTo(7);
        assertThat(report.at("/critiques/hinted/CORRECT").asInt()).isEqualTo(7);
        int critiques = 0;
        for (JsonNode fate : report.get("critiques")) {
            for (JsonNode count : fate) {
                critiques += count.asInt();
            }
        }
        assertThat(critiques).as("%s", report).isEqualTo(7 + 7 * 3 + 7);
        assertThat(Files.readAllLines(out.resolve("hinted.jsonl"))).hasSize(7).allSatisfy(line -> {
            JsonNode messages = JSON.readTree(line).get("messages");
            assertThat(messages.at("/0/content").asText()).endsWith("Write nothing after the box.");
            assertThat(messages.at("/1/content").asText()).contains("Scores: \\boxed{");
        });
        assertThatTheSameBytesComeAgain(out, report.at("/read/again").asText());
    }

    private static void assertThatTheSameBytesComeAgain(Path out, String range) throws IOException {
        // Given: more has been written since
        run("rollouts", "publish", queries.toString(), "--job", "labelled.rft", "--k", "1");
        Path second = folder.resolve("rft-again");
        List<String> arguments =
                new ArrayList<>(List.of("replay", "rft", "--job", "labelled", "--out", second.toString(), "--json"));
        arguments.addAll(List.of(range.split(" ", -1)));

        // When
        Cli replayed = run(arguments.toArray(String[]::new));
        Cli none = run(
                "replay",
                "rft",
                "--to",
                "0",
                "--out",
                folder.resolve("rft-none").toString(),
                "--json");

        // Then
        assertThat(replayed.code()).as(replayed.err()).isZero();
        try (var files = Files.list(out)) {
            assertThat(files.toList())
                    .hasSize(6)
                    .allSatisfy(file ->
                            assertThat(second.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
        assertThat(JSON.readTree(none.out()).at("/groups/labelled").asInt()).isZero();
    }

    /** I8: a replay over the same offsets gives the same bytes, however it was interrupted, and writes to no topic. */
    @Test
    void anExportThatWasKilledGoesOnAndGivesTheBytesOfOneThatWasNot() throws Exception {
        // Given
        run("rollouts", "publish", queries.toString(), "--job", "exported", "--k", "2");
        run("rewards", "tail", "--job", "exported", "--follow", "--count", "7");
        Path once = folder.resolve("export-once");
        Path killed = folder.resolve("export-killed");

        // When: one is interrupted as kill -9 does, and goes on after more has been written
        Cli whole = run("replay", "export", "--job", "exported", "--out", once.toString(), "--rate", "none", "--json");
        assertThat(whole.code()).as(whole.err()).isZero();
        String again = JSON.readTree(whole.out()).get("again").asText();
        assertThat(again).contains("--job exported --from-offsets 0:0,1:0,critiques:0:");
        List<String> part = new ArrayList<>(List.of("replay", "export", "--out", killed.toString()));
        part.addAll(List.of(again.split(" ", -1)));
        killWhenItHasBegun(killed, part);
        run("rollouts", "publish", queries.toString(), "--job", "exported", "--k", "1");
        Map<TopicPartition, Long> ends = installation.client().ends();
        part.addAll(List.of("--rate", "none"));
        Cli rest = run(part.toArray(String[]::new));
        Cli changed = run("replay", "export", "--job", "another", "--out", killed.toString());

        // Then
        assertThat(rest.code()).as(rest.err()).isZero();
        try (var files = Files.list(once)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("rollouts.jsonl", "critiques.jsonl", "rewards.jsonl", "manifest.json");
        }
        try (var files = Files.list(once)) {
            assertThat(files.toList())
                    .allSatisfy(file ->
                            assertThat(killed.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
        assertThat(Files.readAllLines(once.resolve("rollouts.jsonl"))).hasSize(20);
        assertThat(Files.readAllLines(once.resolve("rewards.jsonl"))).hasSize(7);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.err()).contains("holds a finished export");
        assertThat(installation.client().ends()).as("an export only reads").isEqualTo(ends);
    }

    private static void killWhenItHasBegun(Path out, List<String> arguments) throws Exception {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--rate", "20/s"));
        installation.config().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        try (Child child = Child.start(folder, all)) {
            assertThat(child.process().isAlive()).isTrue();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !Files.exists(out.resolve("rewards.jsonl.unfinished"))
                            && Files.exists(out.resolve("rollouts.jsonl.unfinished"))
                            && Files.size(out.resolve("rollouts.jsonl.unfinished")) > 0);
        }
        Cli other = run("replay", "export", "--job", "another", "--out", out.toString());
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("holds an unfinished export of something else");
    }

    /** I8: a rescore writes to topics of its own only. */
    @Test
    void aRescoreWithAnotherKSaysHowMuchAgreesAndLeavesTheInstallationAlone() throws Exception {
        // Given
        run("rollouts", "publish", queries.toString(), "--job", "old", "--k", "4", "--goal", "fixed");
        run("rewards", "tail", "--job", "old", "--follow", "--count", "7");
        Map<TopicPartition, Long> ends = installation.client().ends();
        Path out = folder.resolve("rescored");

        // When
        Cli rescored = rescore("half", "--k", "2", "--out", out.toString());
        Cli again = rescore("half", "--k", "2");
        Cli other = rescore("half", "--k", "3");
        Cli look = run("replay", "drop", "half");
        Cli drop = run("replay", "drop", "half", "--yes");
        Cli nothing = run("replay", "drop", "half");

        // Then
        assertThat(rescored.code()).as(rescored.err()).isZero();
        JsonNode report = JSON.readTree(rescored.out());
        assertThat(report.get("groups").asInt()).isEqualTo(7);
        assertThat(report.get("sent").asInt()).isEqualTo(7);
        assertThat(report.at("/best/agreement").isNumber()).isTrue();
        assertThat(report.at("/order/pairs").asInt()).isPositive();
        assertThat(report.at("/then/samples").asInt()).isEqualTo(28);
        assertThat(report.at("/now/samples").asInt()).isEqualTo(14);
        assertThat(report.at("/label/then/accuracy").asDouble()).isEqualTo(1.0);
        assertThat(report.at("/statuses/OK->OK").asInt()).isEqualTo(7);
        assertThat(JSON.readTree(out.resolve("report.json").toFile())).isEqualTo(report);
        assertThat(Files.readAllLines(out.resolve("report.jsonl"))).hasSize(7);
        assertThat(JSON.readTree(again.out()).get("sent").asInt()).isZero();
        assertThat(JSON.readTree(again.out()).get("best")).isEqualTo(report.get("best"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("was begun with other settings");
        assertThat(installation.client().ends()).isEqualTo(ends);

        // Then: what it wrote goes, and nothing else
        String prefix = report.get("prefix").asText();
        assertThat(look.out()).contains("would delete topic " + prefix + "rewards", "nothing was deleted");
        assertThat(drop.code()).as(drop.err()).isZero();
        assertThat(drop.out().lines()).allMatch(line -> line.contains(" " + prefix));
        assertThat(nothing.out()).contains("there is nothing of rescore 'half'");
    }

    private static Cli rescore(String... arguments) {
        List<String> all = new ArrayList<>(List.of("replay", "rescore", "--job", "old", "--json"));
        all.addAll(List.of("--url", judge.url().toString(), "--model", "recorded-texts"));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    @Test
    void sampleSaysWhenAJobHasNothingToSample() {
        Cli none = run("sample", "rft", "--job", "nobody");

        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("job 'nobody' has no group that could be sampled");
    }

    @Test
    void evalRefusesAJudgeForAnInstallationThatHasItsOwn() {
        Cli eval = run("eval", "--data", queries.toString(), "--url", "http://127.0.0.1:1/v1");

        assertThat(eval.code()).isEqualTo(2);
        assertThat(eval.err()).contains("has its own judge");
    }
}
