/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.kritik.ops.audit.invariant.Fingerprint;
import dev.kritik.ops.audit.invariant.Send;
import dev.kritik.ops.cli.CommandFailed;

/** Reads what {@link LedgerProducer} wrote, also while it is being written, and what a killed one left. */
public final class Ledger {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final Consumer<Send> taker;
    private final Map<Long, Send> unanswered = new LinkedHashMap<>();

    private Ledger(Path path, Consumer<Send> taker) {
        this.path = path;
        this.taker = taker;
    }

    /**
     * Everything in a ledger, each sending once its answer stands there; those in doubt last.
     *
     * @throws IOException if it can't be read
     * @throws CommandFailed if it is no ledger; names the line
     */
    public static List<Send> read(Path path) throws IOException {
        List<Send> sends = new ArrayList<>();
        read(path, sends::add);
        return sends;
    }

    /** The same, one by one: in memory stand those only of which the answer has not been read yet. */
    public static void read(Path path, Consumer<Send> taker) throws IOException {
        new Ledger(path, taker).read();
    }

    /** A line within which a producer died is the last one, or followed by that of the next producer. */
    private void read() throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            long torn = 0;
            long number = 1;
            for (String text = lines.readLine(); text != null; text = lines.readLine(), number++) {
                JsonNode line = parse(text);
                if (torn > 0 && (line == null || !line.path("event").asText().equals(LedgerFile.OPENED))) {
                    throw new CommandFailed("line " + torn + " of '" + path + "' is no line of a ledger");
                }
                torn = line == null ? number : 0;
                if (line != null) {
                    take(line, number);
                }
            }
        }
        giveUp();
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode line = JSON.readTree(text);
            return line.isObject() ? line : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private void take(JsonNode line, long number) {
        long ms = line.path("ms").asLong();
        switch (line.path("event").asText()) {
            case LedgerFile.OPENED -> giveUp();
            case LedgerFile.SENT -> {
                long hash = Fingerprint.parse(line.path("hash").asText());
                JsonNode why = line.get("why");
                unanswered.put(
                        line.path("n").asLong(),
                        Send.begun(ms, why == null ? member(line) : null, hash, why == null ? null : why.asText()));
            }
            case LedgerFile.ACKNOWLEDGED ->
                taker.accept(answered(line, number)
                        .acknowledged(
                                ms,
                                line.path("partition").asInt(),
                                line.path("offset").asLong()));
            case LedgerFile.FAILED ->
                taker.accept(
                        answered(line, number).failed(ms, line.path("error").asText()));
            default ->
                throw new CommandFailed("line " + number + " of '" + path + "' has the event '"
                        + line.path("event").asText() + "', which no ledger has: is it of a newer version?");
        }
    }

    private Send answered(JsonNode line, long number) {
        Send send = unanswered.remove(line.path("n").asLong());
        if (send == null) {
            throw new CommandFailed("line " + number + " of '" + path + "' answers what was not sent");
        }
        return send;
    }

    private static Send.Member member(JsonNode line) {
        return new Send.Member(
                line.path("job").asText(),
                line.path("group").asText(),
                line.path("attempt").asInt(),
                line.path("index").asInt(),
                line.path("size").asInt(),
                line.has("deadline_ms") ? line.get("deadline_ms").asLong() : null);
    }

    /** Nothing more will be said of those. */
    private void giveUp() {
        unanswered.values().forEach(taker);
        unanswered.clear();
    }
}
