/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.generate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

import dev.kritik.lm.generate.Generated;

/**
 * Puts samples on stdout: a single one while it is written, several of them each at its end under a header; or each as a
 * line of JSON. Why a sample failed goes to stderr, or stands in its line.
 */
final class Printer {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final int count;
    private final Runnable whenNobodyReads;
    private volatile boolean insideALine;

    /**
     * A printer for so many samples.
     *
     * @param whenNobodyReads called when stdout has been closed, as by {@code head}
     */
    Printer(PrintWriter out, PrintWriter err, boolean json, int count, Runnable whenNobodyReads) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.count = count;
        this.whenNobodyReads = whenNobodyReads;
    }

    /** What takes the pieces of text. */
    Consumer<String> pieces() {
        return json || count > 1
                ? piece -> {}
                : piece -> {
                    out.print(piece);
                    insideALine = !piece.endsWith("\n");
                    flush();
                };
    }

    /** A sample has ended. */
    void ended(Sample sample) {
        if (json) {
            out.println(line(sample));
        } else if (sample.failure() != null) {
            err.println("sample " + (sample.number() + 1) + " of " + count + ": "
                    + sample.failure().getMessage());
            err.flush();
        } else if (count == 1) {
            if (!sample.generated().text().endsWith("\n")) {
                out.println();
            }
        } else {
            Generated text = sample.generated();
            out.printf(
                    Locale.ROOT,
                    "--- sample %d of %d, seed %d, %d tokens, %s%n%s%n",
                    sample.number() + 1,
                    count,
                    sample.seed(),
                    text.tokens().length,
                    finish(text),
                    text.text());
        }
        flush();
    }

    /** Nothing more comes: a text that is not whole ends its line, too. */
    void cut() {
        if (insideALine) {
            out.println();
        }
        flush();
    }

    private void flush() {
        if (out.checkError()) { // flushes, too
            whenNobodyReads.run();
        }
    }

    private static ObjectNode line(Sample sample) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("sample", sample.number());
        line.put("seed", sample.seed());
        if (sample.failure() != null) {
            line.put("error", sample.failure().reason().name());
            line.put("detail", sample.failure().getMessage());
            return line;
        }
        Generated text = sample.generated();
        double logProb = 0;
        for (float token : text.logProbs()) {
            logProb += token;
        }
        line.put("text", text.text());
        line.put("finish", finish(text));
        line.put("tokens", text.tokens().length);
        line.put("log_prob", logProb);
        line.put("prompt_tokens", text.promptTokens());
        line.put("shared_tokens", text.sharedTokens());
        line.put("compute_ms", text.computeMillis());
        return line;
    }

    private static String finish(Generated text) {
        return text.finish().name().toLowerCase(Locale.ROOT);
    }
}
