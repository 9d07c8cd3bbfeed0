/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.kritik.trainer.run.TrainListener;
import dev.kritik.trainer.run.TrainReport;

/**
 * Says how a training goes: steps on stdout, as lines for people or as JSON; everything else on stderr. People get at most
 * about a line a second, and one for each evaluation.
 */
final class TrainPrinter implements TrainListener {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BETWEEN = Duration.ofSeconds(1).toNanos();
    /** What matters most besides the loss. */
    private static final List<String> SHOWN = List.of(
            "reward",
            "accuracy",
            "token_accuracy",
            "invalid_share",
            "flat_share",
            "kl",
            "grad_norm",
            "staleness",
            "wait_seconds");

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private int done;
    private int total;
    private int stepsHere;
    private double secondsHere;
    private double smoothTokens;
    private long shownAt = System.nanoTime() - BETWEEN;

    TrainPrinter(PrintWriter out, PrintWriter err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    @Override
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    @Override
    public void warning(String text) {
        err.println("warning: " + text);
        err.flush();
    }

    @Override
    public void begins(int before, int all) {
        done = before;
        total = all;
        note(before == 0 ? all + " steps" : "step " + (before + 1) + " of " + all + " comes next");
    }

    @Override
    public void step(Map<String, Object> values) {
        if (json) {
            print(values);
            return;
        }
        done = ((Number) values.get("step")).intValue();
        measure(values);
        boolean evaluated = values.keySet().stream().anyMatch(name -> name.startsWith("eval_"));
        long now = System.nanoTime();
        if (evaluated || done == total || now - shownAt >= BETWEEN) {
            shownAt = now;
            out.println(line(values));
            out.flush();
        }
    }

    private void measure(Map<String, Object> values) {
        if (values.get("seconds") instanceof Number seconds && values.get("tokens") instanceof Number tokens) {
            double rate = tokens.doubleValue() / Math.max(seconds.doubleValue(), 1e-9);
            smoothTokens = stepsHere == 0 ? rate : 0.9 * smoothTokens + 0.1 * rate;
            secondsHere += seconds.doubleValue();
            stepsHere++;
        }
    }

    private String line(Map<String, Object> values) {
        StringBuilder line = new StringBuilder("step " + done + "/" + total);
        append(line, values, "loss");
        append(line, values, "lr");
        SHOWN.forEach(name -> append(line, values, name));
        values.keySet().stream()
                .filter(name -> name.startsWith("eval_") && !name.startsWith("eval_invalid_"))
                .forEach(name -> append(line, values, name));
        append(line, values, "eval_invalid_share");
        if (stepsHere > 0 && values.containsKey("loss")) {
            line.append(String.format(Locale.ROOT, "  %.0f tokens/s", smoothTokens));
            long left = Math.round(secondsHere / stepsHere * (total - done));
            if (left > 0) {
                line.append("  ETA ").append(duration(left));
            }
        }
        return line.toString();
    }

    private static void append(StringBuilder line, Map<String, Object> values, String name) {
        if (values.get(name) instanceof Number number) {
            line.append("  ").append(name).append(' ').append(format(number.doubleValue()));
        }
    }

    private static String format(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        return size >= 1e-3 && size < 1e5
                ? String.format(Locale.ROOT, size < 10 ? "%.4f" : "%.1f", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }

    private static String duration(long seconds) {
        return seconds < 60
                ? seconds + " s"
                : seconds < 3600
                        ? seconds / 60 + " min " + seconds % 60 + " s"
                        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    @Override
    public void checkpoint(int step, Path folder) {
        if (!json) {
            note("checkpoint: " + folder);
        }
    }

    /** The end, and what follows from it. */
    void ended(TrainReport report) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("ending", report.ending().name());
            values.put("out", report.out().toString());
            values.put("final", report.finalModel().map(Path::toString).orElse(null));
            values.put("done", report.done());
            values.put("total", report.total());
            values.put("best_step", report.bestStep() == 0 ? null : report.bestStep());
            values.put("problems", report.problems());
            print(values);
            return;
        }
        switch (report.ending()) {
            case FINISHED -> {
                note("trained: " + report.finalModel().orElseThrow());
                note("curves: " + report.out().resolve("report.html"));
            }
            case NOT_SAVED ->
                note("all steps are done, but the trained model is not saved: see the warnings above. Make room,"
                        + " and give the same command again");
            case STOPPED ->
                note("stopped after step " + report.done() + " of " + report.total()
                        + "; the same command goes on from there");
        }
    }

    private void print(Map<String, Object> values) {
        try {
            out.println(JSON.writeValueAsString(values));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
