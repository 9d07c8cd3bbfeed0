/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

import dev.kritik.ops.audit.invariant.Fingerprint;
import dev.kritik.ops.audit.invariant.Send;
import dev.kritik.ops.cli.CommandFailed;

/**
 * The ledger while it is written: JSON Lines, each handed to the operating system before the call returns, so that it
 * outlives the process, though not a loss of power. Safe for use by many threads; one process at a time.
 */
final class LedgerFile implements AutoCloseable {

    static final String OPENED = "opened";
    static final String SENT = "sent";
    static final String ACKNOWLEDGED = "acknowledged";
    static final String FAILED = "failed";

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final int LINE_BYTES = 256;
    private static final int MOST_ERROR = 300;

    private final FileChannel file;
    private final InstantSource clock;
    private long next;

    /** What stands in a line beside time and event. */
    private interface Fields {
        void write(JsonGenerator line) throws IOException;
    }

    /**
     * Opens a ledger, new or to go on with.
     *
     * @throws CommandFailed if it can't be written to, or another process does
     */
    LedgerFile(Path path, InstantSource clock) {
        this.clock = clock;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked()) {
                file.close();
                throw new CommandFailed("another producer is writing to the ledger '" + path + "'");
            }
            endTornLine();
        } catch (IOException e) {
            throw new CommandFailed("the ledger '" + path + "' can't be written to: " + e.getMessage(), e);
        }
        write(OPENED, line -> {});
    }

    private boolean locked() throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process
        }
    }

    /** Whoever wrote before may have died within a line. */
    private void endTornLine() throws IOException {
        long size = file.size();
        file.position(size);
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n') {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    /** Notes that a rollout is about to be sent; returns its number. */
    synchronized long sent(Send.Member rollout, long hash) {
        long number = next++;
        write(SENT, line -> {
            line.writeNumberField("n", number);
            line.writeStringField("job", rollout.job());
            line.writeStringField("group", rollout.group());
            line.writeNumberField("attempt", rollout.attempt());
            line.writeNumberField("index", rollout.index());
            line.writeNumberField("size", rollout.size());
            line.writeStringField("hash", Fingerprint.text(hash));
            if (rollout.deadlineMs() != null) {
                line.writeNumberField("deadline_ms", rollout.deadlineMs());
            }
        });
        return number;
    }

    /** Notes that raw bytes are about to be sent; returns their number. */
    synchronized long sent(long hash, String why) {
        long number = next++;
        write(SENT, line -> {
            line.writeNumberField("n", number);
            line.writeStringField("hash", Fingerprint.text(hash));
            line.writeStringField("why", why);
        });
        return number;
    }

    void acknowledged(long number, int partition, long offset) {
        write(ACKNOWLEDGED, line -> {
            line.writeNumberField("n", number);
            line.writeNumberField("partition", partition);
            line.writeNumberField("offset", offset);
        });
    }

    void failed(long number, Exception why) {
        String error = why.getClass().getSimpleName() + ": " + why.getMessage();
        write(FAILED, line -> {
            line.writeNumberField("n", number);
            line.writeStringField("error", error.substring(0, Math.min(error.length(), MOST_ERROR)));
        });
    }

    private synchronized void write(String event, Fields fields) {
        var bytes = new ByteArrayOutputStream(LINE_BYTES);
        try {
            try (JsonGenerator line = JSON.createGenerator(bytes)) {
                line.writeStartObject();
                line.writeNumberField("ms", clock.millis());
                line.writeStringField("event", event);
                fields.write(line);
                line.writeEndObject();
            }
            bytes.write('\n');
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
            while (all.hasRemaining()) {
                file.write(all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger can't be written to: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
