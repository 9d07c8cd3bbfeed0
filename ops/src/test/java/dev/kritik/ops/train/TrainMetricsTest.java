/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.kritik.ops.cli.Cli;
import dev.kritik.ops.cli.ExitCode;
import dev.kritik.trainer.run.TrainListener;

class TrainMetricsTest {

    private static final InetSocketAddress FREE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static HttpResponse<String> scrape(TrainMetrics metrics) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(metrics.url())).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void theNewestFiguresCanBeFetchedAndWhatAStepDoesNotHaveKeepsItsValue() throws Exception {
        // Given
        try (TrainMetrics metrics = TrainMetrics.start(FREE, new TrainListener() {})) {
            metrics.begins(0, 400);
            metrics.step(Map.of("step", 0, "eval_gold", 0.25));
            metrics.step(Map.of("step", 1, "reward", 5.5, "wait_seconds", 2.0, "word", "none"));

            // When
            metrics.step(Map.of("step", 2, "reward", 6.5, "published", 48L));
            metrics.checkpoint(2, Path.of("checkpoint"));

            // Then
            HttpResponse<String> response = scrape(metrics);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(response.body().lines())
                    .contains(
                            "kritik_train_steps 400.0",
                            "kritik_train_step 2.0",
                            "kritik_train_eval_gold 0.25",
                            "kritik_train_reward 6.5",
                            "kritik_train_wait_seconds 2.0",
                            "kritik_train_published 48.0",
                            "kritik_train_checkpoint_step 2.0")
                    .noneMatch(line -> line.contains("word"));
        }
    }

    @Test
    void theOtherListenerHearsEverything() throws Exception {
        // Given
        List<String> heard = new ArrayList<>();
        TrainListener other = new TrainListener() {
            @Override
            public void note(String text) {
                heard.add(text);
            }

            @Override
            public void warning(String text) {
                heard.add("!" + text);
            }

            @Override
            public void begins(int done, int total) {
                heard.add(done + "/" + total);
            }

            @Override
            public void step(Map<String, Object> values) {
                heard.add(values.toString());
            }

            @Override
            public void checkpoint(int step, Path folder) {
                heard.add(step + " in " + folder);
            }
        };

        // When
        try (TrainMetrics metrics = TrainMetrics.start(FREE, other)) {
            metrics.note("a");
            metrics.warning("b");
            metrics.begins(3, 9);
            metrics.step(Map.of("step", 4));
            metrics.checkpoint(4, Path.of("here"));
        }

        // Then
        assertThat(heard).containsExactly("a", "!b", "3/9", "{step=4}", "4 in here");
    }

    @Test
    void anAddressThatIsNoneIsAMistakeOfTheCallerAndOneThatIsTakenSaysSo() throws Exception {
        for (String bad : List.of("abc", "70000", "127.0.0.1:", "127.0.0.1:x", "1.2.3:4:5x")) {
            Cli cli = rft(bad);
            assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err()).contains("--metrics is '" + bad + "'", "give a port");
        }
        try (TrainMetrics metrics = TrainMetrics.start(FREE, new TrainListener() {})) {
            String taken = "127.0.0.1:" + URI.create(metrics.url()).getPort();
            Cli cli = rft(taken);
            assertThat(cli.code()).isEqualTo(ExitCode.FAILURE);
            assertThat(cli.err()).contains("--metrics " + taken + " can't be served: ");
        }
    }

    /** Fails before it trains: at the address, or else for want of data. */
    private static Cli rft(String metrics) {
        return Cli.run("train", "rft", "--model", ".", "--data", "none", "--out", "none", "--metrics", metrics);
    }
}
