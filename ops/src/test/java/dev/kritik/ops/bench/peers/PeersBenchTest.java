/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.kritik.ops.bench.load.Results;
import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;

/** The talk with contenders, with small ones that need no package. */
class PeersBenchTest {

    private static final Path SCRIPTS = Path.of(System.getProperty("kritik.root"), "ops", "bench", "peers");

    /** Asks the judge with what Python brings; gives 0 where that fails, and leaves the last rollout out. */
    private static final String CLIENT = """
            import json, urllib.request
            from work import Stage, options, score

            args = options("a client").parse_args()
            stage = Stage(args.work)
            print("this is no reward")
            stage.ready("stdlib 1", {"tries": 1}, "all of it")
            for rollout in stage.rollouts[:-1]:
                body = {"model": args.model, "messages": [{"role": "user", "content": rollout.question()}]}
                request = urllib.request.Request(args.judge + "/v1/chat/completions", json.dumps(body).encode())
                try:
                    answer = json.load(urllib.request.urlopen(request))
                    stage.tell(rollout, score(answer["choices"][0]["message"]["content"]))
                except OSError:
                    stage.tell(rollout, 0.0)
            stage.done()
            """;

    private static final String ABSENT = """
            import sys
            print("No module named 'verl'", file=sys.stderr)
            sys.exit(3)
            """;

    /** Ends before it is ready. */
    private static final String BROKEN = """
            import sys
            sys.exit("something is wrong")
            """;

    /** Says one word, and nothing more. */
    private static final String STUCK = """
            import time
            from work import Stage, options

            args = options("stuck").parse_known_args()[0]
            stage = Stage(args.work)
            stage.ready("stuck 1", {}, "all of it")
            stage.tell(stage.rollouts[0], None, "no idea")
            time.sleep(600)
            """;

    @TempDir
    private Path folder;

    private static void assumePython() throws Exception {
        try {
            Process process =
                    new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))").start();
            assumeTrue(process.waitFor() == 0, "needs a python3 of version 3.11 or newer");
        } catch (IOException e) {
            assumeTrue(false, "needs python3");
        }
    }

    private Path scripts(String client, String verl) throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        Files.copy(SCRIPTS.resolve("work.py"), scripts.resolve("work.py"));
        Files.writeString(scripts.resolve("asyncio_client.py"), client);
        Files.writeString(scripts.resolve("verl_loop.py"), verl);
        return scripts;
    }

    private Cli bench(Path scripts, String... more) {
        List<String> command = new ArrayList<>(List.of("bench", "peers", "--out", out().toString()));
        command.addAll(List.of("--scripts", scripts.toString(), "--rollouts", "8", "--group-size", "2"));
        command.addAll(List.of("--load", "0", "--latency", "fixed:1"));
        command.addAll(List.of(more));
        return Cli.run(command.toArray(String[]::new));
    }

    private Path out() {
        return folder.resolve("out");
    }

    private List<JsonNode> results() throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (String line : Files.readAllLines(out().resolve(Results.FILE))) {
            results.add(new ObjectMapper().readTree(line));
        }
        return results;
    }

    @Test
    void contendersAreMeasuredInTurnAndTheAbsentAreLeftOut() throws Exception {
        // Given
        assumePython();
        Path scripts = scripts(CLIENT, ABSENT);

        // When
        Cli result = bench(scripts, "--contenders", "asyncio,verl-naive", "--rounds", "2");

        // Then
        assertThat(result.err()).contains("left out: verl-naive: No module named 'verl'", "1 contenders left out");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("| asyncio | 16 | 14 | 0 | 0 | 0 | 2 | 75.0 % | 0.0 % |");
        List<JsonNode> runs = results().stream()
                .filter(line -> line.path("bench").asText().equals("peers"))
                .toList();
        assertThat(runs).extracting(run -> run.path("round").asInt()).containsExactly(1, 2);
        assertThat(runs.getFirst().path("version").asText()).isEqualTo("stdlib 1");
        assertThat(runs.getFirst().path("judge").path("ANSWERED").asInt()).isEqualTo(7);
        assertThat(results().getFirst().path("bench").asText()).isEqualTo("machine");
    }

    @Test
    void whatFailsAtTheJudgeIsAMadeUpRewardHere() throws Exception {
        assumePython();

        Cli result = bench(
                scripts(CLIENT, ABSENT), "--contenders", "asyncio", "--rounds", "1", "--faults", "500=1", "--json");

        JsonNode run = new ObjectMapper().readTree(result.out().lines().toList().getLast());
        assertThat(run.path("default").asInt()).isEqualTo(7);
        assertThat(run.path("lost").asInt()).isEqualTo(1);
        assertThat(run.path("judge").path("SERVER_ERROR").asInt()).isEqualTo(7);
        assertThat(run.path("groups_harmed").asInt()).isEqualTo(4);
    }

    @Test
    void whoeverFailsIsNamedAndTheOthersGoOn() throws Exception {
        assumePython();

        Cli result = bench(scripts(CLIENT, BROKEN), "--contenders", "asyncio,verl-naive", "--rounds", "1");

        assertThat(result.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(result.err())
                .contains(
                        "left out: verl-naive: failed in round 1: verl-naive ended with exit code 1: something is wrong");
        assertThat(result.out()).contains("| asyncio | 8 | 7 | 0 | 0 | 0 | 1 |");
    }

    @Test
    void atTheLimitTheRestIsLost() throws Exception {
        assumePython();

        Cli result =
                bench(scripts(CLIENT, STUCK), "--contenders", "asyncio,verl-naive", "--rounds", "1", "--limit-s", "2");

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("| verl-naive | 8 | 0 | 0 | 0 | 1 | 7 | 0.0 % | 0.0 % |");
        assertThat(results().getLast().path("reasons").path("no idea").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rollouts 9|--rollouts is a multiple of --group-size, 8",
                "--contenders asyncio,nobody|there is no 'nobody', but asyncio, asyncio-no-timeout, verl-naive",
                "--contenders trl,trl|--contenders names one twice",
                "--load 1.5|--load is a share from 0 to 1",
                "--latency soon|latency 'soon' is none of",
                "--latency fixed:0|a judge that takes no time has no capacity",
                "--faults crash=1|fault 'crash' is none of",
                "--rounds 0|are above 0",
            })
    void whatCanNotBeMeasuredIsRefused(String arguments, String why) {
        List<String> command = new ArrayList<>(List.of("bench", "peers", "--out", out().toString()));
        command.addAll(List.of(arguments.split(" ", -1)));

        Cli result = Cli.run(command.toArray(String[]::new));

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(why);
        assertThat(out()).doesNotExist();
    }

    @Test
    void aFolderWithOtherResultsIsRefused() throws Exception {
        Files.createDirectory(out());
        Files.writeString(out().resolve("results.jsonl"), "");

        Cli result = Cli.run("bench", "peers", "--out", out().toString());

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("is not empty");
    }
}
